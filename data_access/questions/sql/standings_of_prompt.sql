-- One row per scored candidate x scorer of the prompt $id: reward, percentile, place (the rank that a tie shares by its first)
-- and tied, how many candidates share it.
SELECT
    scorer,
    candidate,
    model,
    reward,
    percentile,
    rank() OVER (PARTITION BY scorer ORDER BY reward DESC) AS place,
    count(*) OVER (PARTITION BY scorer, reward) AS tied
FROM scores
WHERE prompt_id = $id AND reward IS NOT NULL
ORDER BY scorer, candidate
