-- The texts, as text_hash, that a source model gives to half of its prompts or more (or where not $by_model, that half of all
-- prompts or more have), of the prompts from $first to $last. What is so of all prompts is so of some of them.
WITH block AS (
    SELECT CASE WHEN $by_model THEN model END AS model, text_hash, prompt_id
    FROM scores
    WHERE scorer = $scorer AND prompt_id BETWEEN $first AND $last AND (model IS NOT NULL OR NOT $by_model)
), totals AS (
    SELECT model, count(DISTINCT prompt_id) AS total FROM block GROUP BY model
), given AS (
    SELECT model, text_hash, count(DISTINCT prompt_id) AS prompts
    FROM block
    WHERE text_hash IS NOT NULL
    GROUP BY model, text_hash
)
SELECT DISTINCT text_hash
FROM given JOIN totals ON given.model IS NOT DISTINCT FROM totals.model
WHERE 2 * prompts >= total
