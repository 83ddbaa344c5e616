-- The texts, as text_hash, that half of all prompts or more have among their scored candidates, where there are $enough prompts.
SELECT text_hash
FROM scores
WHERE scorer = $scorer AND reward IS NOT NULL AND text_hash IS NOT NULL
GROUP BY text_hash
HAVING 2 * count(DISTINCT prompt_id) >= greatest($total::BIGINT, $enough)
ORDER BY text_hash
