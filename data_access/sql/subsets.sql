-- One row a subset, in the source's order: how many prompts, how the centred reward of its candidates spreads (quantiles),
-- and the median over its prompts of their rewards' standard deviation. section is NULL outside RewardBench.
WITH spread AS (
    SELECT
        p.subset,
        quantile_cont(s.centred, [0.05, 0.25, 0.5, 0.75, 0.95]) AS quantiles,
        count(*) AS scored
    FROM scores AS s JOIN prompts AS p USING (prompt_id)
    WHERE s.scorer = $scorer AND s.centred IS NOT NULL
    GROUP BY p.subset
)
SELECT
    coalesce(p.section, '') AS section,
    p.subset,
    count(*) AS prompts,
    any_value(s.scored) AS scored,
    any_value(s.quantiles[1]) AS p5,
    any_value(s.quantiles[2]) AS p25,
    any_value(s.quantiles[3]) AS p50,
    any_value(s.quantiles[4]) AS p75,
    any_value(s.quantiles[5]) AS p95,
    median(p.summaries[$scorer].sd) AS median_spread
FROM prompts AS p LEFT JOIN spread AS s USING (subset)
WHERE p.subset IS NOT NULL
GROUP BY p.section, p.subset
ORDER BY min(p.prompt_id)
