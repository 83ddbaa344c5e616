-- Which response of each prompt would RAFT keep?
-- The best of each prompt's candidates, with what it gains over the average one. Ties are all shown.
SELECT s.scorer, p.prompt_id, p.subset, s.centred AS gain, s.model, p.prompt, r.response
FROM scores AS s
JOIN prompts AS p USING (prompt_id)
JOIN responses AS r USING (prompt_id, candidate)
WHERE s.gap = 0
ORDER BY s.scorer, p.prompt_id
