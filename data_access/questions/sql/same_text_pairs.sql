-- One row per scored candidate and the next of its prompt with the same text, by prompt: prompt_id, difference (the next
-- one's reward minus its own). Only of prompts of $section and $subset, where these are not NULL.
SELECT s.prompt_id, lead(reward) OVER one_text - reward AS difference
FROM scores AS s JOIN prompts AS p USING (prompt_id)
WHERE s.scorer = $scorer
    AND s.reward IS NOT NULL
    AND s.text_hash IS NOT NULL
    AND ($section::VARCHAR IS NULL OR p.section = $section::VARCHAR)
    AND ($subset::VARCHAR IS NULL OR p.subset = $subset::VARCHAR)
WINDOW one_text AS (PARTITION BY s.prompt_id, s.text_hash ORDER BY s.candidate)
QUALIFY difference IS NOT NULL
ORDER BY s.prompt_id, s.candidate
