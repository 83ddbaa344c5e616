-- The texts, as text_hash, that half of all prompts or more have among their scored candidates, where there are $enough prompts;
-- among those of $among, or all where NULL.
SELECT text_hash
FROM scores
WHERE scorer = $scorer
    AND reward IS NOT NULL
    AND text_hash IS NOT NULL
    AND ($among::UBIGINT[] IS NULL OR text_hash IN (SELECT unnest($among::UBIGINT[])))
GROUP BY text_hash
HAVING 2 * count(DISTINCT prompt_id) >= greatest($total::BIGINT, $enough)
ORDER BY text_hash
