-- One row: of the prompts from $first to $last, how many different texts, in how many prompts, are the same as another
-- text of their prompt once both are normalised. Only those that could be are normalised, which is slow.
WITH counted AS (
    SELECT prompt_id, text_hash, response, marks(response) AS marks
    FROM responses
    WHERE NOT is_empty AND prompt_id BETWEEN $first AND $last
), alike AS (
    SELECT *, count(*) OVER (PARTITION BY prompt_id, marks) AS n FROM counted
), same AS (
    SELECT prompt_id, count(DISTINCT text_hash) AS n
    FROM alike
    WHERE n > 1
    GROUP BY prompt_id, normalised(response)
    HAVING count(DISTINCT text_hash) > 1
)
SELECT coalesce(sum(n), 0)::BIGINT AS texts, count(DISTINCT prompt_id) AS prompts FROM same
