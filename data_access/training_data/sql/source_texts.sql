-- One row for each place of the lists $ids and $candidates, which are of {file}, behind $before prompts of other files: the text
-- of the candidate's own column there. {text} takes it from the columns of the source.
WITH picks AS (
    SELECT
        unnest($ids::BIGINT[]) AS prompt_id,
        unnest($candidates::INTEGER[]) AS candidate,
        unnest(range(len($ids::BIGINT[]))) AS place
)
SELECT place, {text} AS text
FROM {file} AS source
JOIN picks ON source.file_row_number = picks.prompt_id - 1 - $before
ORDER BY place
