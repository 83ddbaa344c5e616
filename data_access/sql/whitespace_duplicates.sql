-- One row: how many candidates, in how many prompts, have a text that another candidate has with other white space only.
WITH sized AS (
    SELECT
        prompt_id,
        text_hash,
        any_value(response) AS response,
        any_value(length(solid(response))) AS solid
    FROM responses
    WHERE NOT is_empty
    GROUP BY prompt_id, text_hash
), alike AS (
    SELECT *, count(*) OVER (PARTITION BY prompt_id, solid) AS n FROM sized
), collapsed AS (
    SELECT prompt_id, count(*) AS n
    FROM alike
    WHERE n > 1
    GROUP BY prompt_id, trim(regexp_replace(response, '[\s\p{Z}]+', ' ', 'g'))
    HAVING count(*) > 1
)
SELECT coalesce(sum(n), 0)::BIGINT AS texts, count(DISTINCT prompt_id) AS prompts FROM collapsed
