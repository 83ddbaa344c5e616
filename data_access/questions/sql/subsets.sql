-- One row per subset, or a section where $by is 'section', in the source's order: how many prompts, how
-- the centred reward of its candidates spreads (quantiles), and the median over its prompts of their rewards' standard
-- deviation. section is NULL outside RewardBench.
WITH grouped AS (
    SELECT *, CASE WHEN $by = 'section' THEN section ELSE subset END AS part FROM prompts
), spread AS (
    SELECT
        p.part,
        quantile_cont(s.centred, [0.05, 0.25, 0.5, 0.75, 0.95]) AS quantiles,
        count(*) AS scored
    FROM scores AS s JOIN grouped AS p USING (prompt_id)
    WHERE s.scorer = $scorer AND s.centred IS NOT NULL
    GROUP BY p.part
)
SELECT
    coalesce(p.section, '') AS section,
    p.part AS subset,
    count(*) AS prompts,
    any_value(s.scored) AS scored,
    any_value(s.quantiles[1]) AS p5,
    any_value(s.quantiles[2]) AS p25,
    any_value(s.quantiles[3]) AS p50,
    any_value(s.quantiles[4]) AS p75,
    any_value(s.quantiles[5]) AS p95,
    median(p.summaries[$scorer].sd) AS median_spread
FROM grouped AS p LEFT JOIN spread AS s USING (part)
WHERE p.part IS NOT NULL
GROUP BY p.section, p.part
ORDER BY min(p.prompt_id)
