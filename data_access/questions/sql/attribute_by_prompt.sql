-- One row per prompt whose scored candidates with a text differ in one attribute, put in as {value}: prompt_id, r (Pearson's
-- correlation of it with the reward; NULL where all rewards are equal), having (how many of them have more than 0), n. Of the
-- prompts $ids, or of all where NULL, and without the texts of $common.
SELECT prompt_id, corr({value}, reward) AS r, count(*) FILTER ({value} > 0) AS having, count(*) AS n
FROM attributes JOIN scores USING (prompt_id, candidate)
WHERE scorer = $scorer
    AND reward IS NOT NULL
    AND NOT list_contains($common::UBIGINT[], text_hash)
    AND ($ids::BIGINT[] IS NULL OR prompt_id IN (SELECT unnest($ids::BIGINT[])))
GROUP BY prompt_id
HAVING max({value}) > min({value})
