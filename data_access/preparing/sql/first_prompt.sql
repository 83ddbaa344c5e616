-- The first prompt, and its candidates with their rewards, straight from the source: one row per candidate x scorer, or one
-- row without a candidate.
SELECT p.prompt, c.candidate, c.model, c.response, r.scorer, r.reward
FROM (SELECT prompt_id, prompt FROM source_prompts ORDER BY prompt_id LIMIT 1) AS p
LEFT JOIN candidates AS c ON c.prompt_id = p.prompt_id
LEFT JOIN rewards AS r ON r.prompt_id = c.prompt_id AND r.candidate = c.candidate
ORDER BY c.candidate, r.scorer
