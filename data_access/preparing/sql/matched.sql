-- One row per candidate x scorer of a joined dataset that has its text for its prompt: the reward there of the same text by the
-- same source model, else of the text. Several such rewards give their mean; is_averaged where they differ.
WITH ours AS (
    SELECT
        r.prompt_id,
        r.candidate,
        r.text_hash,
        hash(p.prompt) AS prompt_hash,
        CASE WHEN r.model IS NOT NULL THEN hash(r.model) END AS model_hash
    FROM responses AS r
    JOIN source_prompts AS p USING (prompt_id)
    WHERE r.text_hash IS NOT NULL AND p.prompt IS NOT NULL
), same AS (
    SELECT o.*
    FROM others AS o
    SEMI JOIN ours USING (prompt_hash, text_hash)
), by_text AS (
    SELECT
        dataset, scorer, prompt_hash, text_hash, model_hash,
        GROUPING(model_hash) = 1 AS is_any_model, list_avg(list(reward ORDER BY reward)) AS mean, min(reward) AS low, max(reward) AS high
    FROM same
    GROUP BY GROUPING SETS (
        (dataset, scorer, prompt_hash, text_hash), (dataset, scorer, prompt_hash, text_hash, model_hash))
)
SELECT
    t.dataset,
    t.scorer,
    o.prompt_id,
    o.candidate,
    -- Not the mean of equal ones: rounding would make a tie of theirs no tie.
    CASE
        WHEN coalesce(m.low, t.low) = coalesce(m.high, t.high) THEN coalesce(m.low, t.low)
        ELSE coalesce(m.mean, t.mean)
    END AS reward,
    coalesce(m.low, t.low) < coalesce(m.high, t.high) AS is_averaged
FROM ours AS o
JOIN by_text AS t ON t.is_any_model AND t.prompt_hash = o.prompt_hash AND t.text_hash = o.text_hash
LEFT JOIN by_text AS m
    ON NOT m.is_any_model AND m.model_hash = o.model_hash AND m.scorer = t.scorer
    AND m.prompt_hash = o.prompt_hash AND m.text_hash = o.text_hash
