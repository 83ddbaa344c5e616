-- How far apart are the rewards of one and the same text?
-- The scorer's noise: differences below this mean nothing.
SELECT
    s.scorer, s.prompt_id, max(s.reward) - min(s.reward) AS apart, count(*) AS copies, any_value(r.response) AS response
FROM scores AS s
JOIN responses AS r USING (prompt_id, candidate)
WHERE s.reward IS NOT NULL
GROUP BY s.scorer, s.prompt_id, s.text_hash
HAVING count(*) > 1
ORDER BY apart DESC, s.prompt_id
