-- One row a prompt with both texts of its pair among its scored candidates: subset, mean percentiles of the candidates with
-- the chosen and with the rejected text, in how large a share of the pairs of such candidates chosen is above (wins) or
-- equal (ties), and whether the chosen text is longer.
WITH sides AS (
    SELECT p.prompt_id, 'chosen' AS side, s.reward, s.percentile
    FROM prompts AS p JOIN scores AS s ON s.prompt_id = p.prompt_id AND list_contains(p.chosen_candidates, s.candidate)
    WHERE s.scorer = $scorer AND s.reward IS NOT NULL
    UNION ALL
    SELECT p.prompt_id, 'rejected' AS side, s.reward, s.percentile
    FROM prompts AS p JOIN scores AS s ON s.prompt_id = p.prompt_id AND list_contains(p.rejected_candidates, s.candidate)
    WHERE s.scorer = $scorer AND s.reward IS NOT NULL
)
SELECT
    p.prompt_id,
    coalesce(any_value(p.subset), '') AS subset,
    avg(c.percentile) AS chosen_percentile,
    avg(r.percentile) AS rejected_percentile,
    avg((c.reward > r.reward)::INTEGER) AS wins,
    avg((c.reward = r.reward)::INTEGER) AS ties,
    any_value(length(p.chosen) > length(p.rejected)) AS chosen_is_longer
FROM prompts AS p
JOIN sides AS c ON c.prompt_id = p.prompt_id AND c.side = 'chosen'
JOIN sides AS r ON r.prompt_id = p.prompt_id AND r.side = 'rejected'
GROUP BY p.prompt_id
ORDER BY p.prompt_id
