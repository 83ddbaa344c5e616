-- Does the scorer pay for length?
-- Mean reward above the prompt's mean, by length relative to the prompt's mean length.
WITH relative AS (
    SELECT scorer, centred, chars / avg(chars) OVER (PARTITION BY scorer, prompt_id) AS ratio
    FROM scores
    WHERE reward IS NOT NULL AND chars > 0
)
SELECT floor(4 * least(ratio, 3)) / 4 AS length_ratio_from, avg(centred) AS centred_reward, count(*) AS candidates, scorer
FROM relative
GROUP BY ALL
ORDER BY scorer, length_ratio_from
