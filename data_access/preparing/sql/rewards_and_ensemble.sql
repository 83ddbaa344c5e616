-- One row per candidate x scorer that has a reward: as given, and by 'mean percentile', for the candidates that every scorer
-- has scored, the mean over the scorers of the percentile among those candidates of the prompt (100 is best, ties at mid-rank).
WITH finite AS (
    SELECT *, count(*) OVER (PARTITION BY prompt_id, candidate) AS scored_by FROM given_rewards WHERE isfinite(reward)
), ranked AS (
    SELECT
        prompt_id,
        candidate,
        count(*) OVER (PARTITION BY scorer, prompt_id) AS n,
        rank() OVER (PARTITION BY scorer, prompt_id ORDER BY reward DESC)
        + (count(*) OVER (PARTITION BY scorer, prompt_id, reward) - 1) / 2 AS rank
    FROM finite
    WHERE scored_by = (SELECT count(*) FROM scorers WHERE scorer <> 'mean percentile')
)
SELECT scorer, prompt_id, candidate, reward FROM given_rewards
UNION ALL
-- From the sum of ranks, which is exact, so that equal standings are ties.
SELECT 'mean percentile', prompt_id, candidate, 100 * (any_value(n) - sum(rank) / count(*)) / (any_value(n) - 1)
FROM ranked
WHERE n > 1
GROUP BY prompt_id, candidate
