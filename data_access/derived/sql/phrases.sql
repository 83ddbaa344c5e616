-- What `found` has of phrases of $enough prompts or more, and the totals, by phrase: kind, key (a number of the phrase, 0 of the
-- totals), phrase, prompt_id, upper, lower, in_prompt.
WITH kept AS (
    SELECT kind, phrase, row_number() OVER (ORDER BY kind, phrase)::INTEGER AS number
    FROM found
    GROUP BY kind, phrase
    HAVING count(*) >= $enough OR phrase = ''
)
SELECT
    f.kind,
    CASE WHEN f.phrase = '' THEN 0 ELSE k.number END AS key,
    f.phrase,
    f.prompt_id,
    f.upper,
    f.lower,
    f.in_prompt
FROM found AS f JOIN kept AS k USING (kind, phrase)
ORDER BY f.kind, key, f.prompt_id
