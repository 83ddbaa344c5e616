-- One row for each place of the lists $ids and $candidates (see source_texts) whose text is missing, or does not contain the
-- candidate's response.
WITH picks AS (
    SELECT
        unnest($ids::BIGINT[]) AS prompt_id,
        unnest($candidates::INTEGER[]) AS candidate,
        unnest(range(len($ids::BIGINT[]))) AS place
), texts AS (
    SELECT place, picks.prompt_id, candidate, {text} AS text
    FROM {file} AS source
    JOIN picks ON source.file_row_number = picks.prompt_id - 1 - $before
)
SELECT place
FROM texts
JOIN responses AS r USING (prompt_id, candidate)
WHERE NOT coalesce(contains(text, r.response), false)
    AND r.prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
ORDER BY place
