-- One row per prompt with both texts of its pair among its scored candidates: subset, mean percentiles of the candidates with
-- the chosen and with the rejected text, in how many of the pairs of such candidates chosen is above, below or equal, and
-- whether the chosen text is longer.
WITH sides AS (
    SELECT
        s.prompt_id,
        s.reward,
        s.percentile,
        list_contains(p.chosen_candidates, s.candidate) AS is_chosen,
        list_contains(p.rejected_candidates, s.candidate) AS is_rejected
    FROM prompts AS p JOIN scores AS s USING (prompt_id)
    WHERE s.scorer = $scorer
        AND s.reward IS NOT NULL
        AND p.chosen_candidates IS NOT NULL
        AND p.rejected_candidates IS NOT NULL
)
SELECT
    p.prompt_id,
    coalesce(any_value(p.subset), '') AS subset,
    avg(c.percentile) AS chosen_percentile,
    avg(r.percentile) AS rejected_percentile,
    count(*) FILTER (c.reward > r.reward) AS above,
    count(*) FILTER (c.reward < r.reward) AS below,
    count(*) FILTER (c.reward = r.reward) AS equal,
    any_value(length(p.chosen) > length(p.rejected)) AS chosen_is_longer
FROM prompts AS p
JOIN sides AS c ON c.prompt_id = p.prompt_id AND c.is_chosen
JOIN sides AS r ON r.prompt_id = p.prompt_id AND r.is_rejected
GROUP BY p.prompt_id
ORDER BY p.prompt_id
