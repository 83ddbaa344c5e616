-- One row per subset ('' where there is none): scored candidates, the share of them that open with a refusal phrase, the same
-- share among the best candidates (shared bests all count), and the mean centred reward of refusals (NULL without any).
SELECT
    coalesce(p.subset, '') AS subset,
    count(*) AS candidates,
    count(*) FILTER (r.is_refusal) AS refusals,
    avg(r.is_refusal::INTEGER) AS share,
    avg(r.is_refusal::INTEGER) FILTER (s.gap = 0) AS share_of_best,
    avg(s.centred) FILTER (r.is_refusal) AS centred
FROM scores AS s
JOIN responses AS r USING (prompt_id, candidate)
JOIN prompts AS p USING (prompt_id)
WHERE s.scorer = $scorer AND s.reward IS NOT NULL
GROUP BY coalesce(p.subset, '')
ORDER BY min(p.prompt_id)
