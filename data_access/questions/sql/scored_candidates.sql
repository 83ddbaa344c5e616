-- One row per candidate, for statistics over prompts: prompt_id, model, reward (NULL where not scored), centred, percentile,
-- chars. Only prompts of $section and $subset, where these are not NULL.
SELECT s.prompt_id, s.model, s.reward, s.centred, s.percentile, s.chars
FROM scores AS s
JOIN prompts AS p USING (prompt_id)
WHERE s.scorer = $scorer
    AND ($section::VARCHAR IS NULL OR p.section = $section::VARCHAR)
    AND ($subset::VARCHAR IS NULL OR p.subset = $subset::VARCHAR)
ORDER BY s.prompt_id, s.candidate
