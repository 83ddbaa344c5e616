-- One row per candidate of the prompts $ids and scorer other than $scorer that has a reward from it. Without $repeats that is
-- the mean over the candidates with the same text that this scorer has scored.
WITH others AS (
    SELECT
        scorer,
        prompt_id,
        candidate,
        CASE
            WHEN $repeats THEN reward
            WHEN min(reward) OVER of_text = max(reward) OVER of_text THEN min(reward) OVER of_text
            ELSE avg(reward) OVER of_text
        END AS reward
    FROM scores
    WHERE scorer != $scorer AND prompt_id IN (SELECT unnest($ids::BIGINT[]))
    -- In order, as a sum of fractions depends on it.
    WINDOW of_text AS (
        PARTITION BY scorer, prompt_id, text_hash
        ORDER BY candidate ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
)
SELECT * FROM others WHERE reward IS NOT NULL ORDER BY scorer, prompt_id, candidate
