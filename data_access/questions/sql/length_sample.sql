-- At most $most scored candidates with a text, drawn over all prompts, the same ones each time: length relative to the
-- prompt's mean length, and centred reward.
WITH relative AS (
    SELECT prompt_id, candidate, chars / avg(chars) OVER (PARTITION BY prompt_id) AS ratio, centred
    FROM scores
    WHERE scorer = $scorer AND centred IS NOT NULL AND chars > 0
)
SELECT ratio, centred
FROM relative
ORDER BY md5_number_lower(prompt_id || ':' || candidate)
LIMIT $most
