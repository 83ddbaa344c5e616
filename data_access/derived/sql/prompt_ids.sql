-- One row per prompt, in order: prompt_id.
SELECT prompt_id FROM prompts ORDER BY prompt_id
