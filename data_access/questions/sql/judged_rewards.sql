-- One row per scorer and place of the lists $ids and $candidates whose candidate it has scored, in order: scorer, place (from 0),
-- reward.
WITH places AS (
    SELECT
        unnest($ids::BIGINT[]) AS prompt_id,
        unnest($candidates::INTEGER[]) AS candidate,
        unnest(range(len($ids::BIGINT[]))) AS place
)
SELECT scorer, place, reward
FROM places JOIN scores USING (prompt_id, candidate)
WHERE reward IS NOT NULL
ORDER BY scorer, place
