-- Is refusing rewarded, and where?
-- Mean reward of refusals minus that of other responses to the same prompt, for prompts that have both.
WITH by_prompt AS (
    SELECT
        s.scorer,
        s.prompt_id,
        avg(s.reward) FILTER (r.is_refusal) - avg(s.reward) FILTER (NOT r.is_refusal) AS difference
    FROM scores AS s
    JOIN responses AS r USING (prompt_id, candidate)
    GROUP BY s.scorer, s.prompt_id
)
SELECT p.subset, b.scorer, avg(b.difference) AS refusals_above_others, count(*) AS prompts
FROM by_prompt AS b
JOIN prompts AS p USING (prompt_id)
WHERE b.difference IS NOT NULL
GROUP BY ALL
ORDER BY refusals_above_others DESC
