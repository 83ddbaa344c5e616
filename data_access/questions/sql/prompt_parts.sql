-- One row per prompt, in order: its number, section, subset, and the beginning of its text.
SELECT prompt_id, section, subset, left(prompt, 200) AS prompt FROM prompts ORDER BY prompt_id
