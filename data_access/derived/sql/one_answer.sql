-- At most one row: of the source models that give one and the same text to at least half of their prompts, and to $enough,
-- the one that wins most: model, prompts with that text, of how many in total, and `won`, where the model has the best reward.
-- Among the texts of $among, by text_hash, or all where NULL.
WITH frequent AS (
    SELECT text_hash
    FROM scores
    WHERE scorer = $scorer
        AND chars > 0
        AND ($among::UBIGINT[] IS NULL OR text_hash IN (SELECT unnest($among::UBIGINT[])))
    GROUP BY text_hash
    HAVING count(*) >= $enough
), repeated AS (
    SELECT model, count(DISTINCT prompt_id) AS prompts
    FROM scores
    WHERE scorer = $scorer AND model IS NOT NULL AND text_hash IN (SELECT text_hash FROM frequent)
    GROUP BY model, text_hash
    HAVING count(DISTINCT prompt_id) >= $enough
), models AS (
    SELECT model, count(DISTINCT prompt_id) AS total, count(DISTINCT prompt_id) FILTER (gap = 0) AS won
    FROM scores
    WHERE scorer = $scorer AND model IN (SELECT model FROM repeated)
    GROUP BY model
)
SELECT model, max(prompts) AS prompts, any_value(total) AS total, any_value(won) AS won
FROM repeated JOIN models USING (model)
GROUP BY model
HAVING max(prompts) * 2 >= any_value(total)
ORDER BY won DESC, model
LIMIT 1
