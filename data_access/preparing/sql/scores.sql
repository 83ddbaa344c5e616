-- One row per candidate x scorer. Rank 1 is best and ties share the mid-rank; percentile 100 is best.
-- A reward that is missing, NaN or infinite is no reward: NULL in every column that would follow from it.
WITH finite AS (
    SELECT scorer, prompt_id, candidate, CASE WHEN isfinite(reward) THEN reward END AS reward FROM rewards
), scored AS (
    SELECT s.scorer, r.prompt_id, r.candidate, r.model, f.reward, r.chars, r.text_hash
    FROM responses AS r
    CROSS JOIN scorers AS s
    LEFT JOIN finite AS f ON f.scorer = s.scorer AND f.prompt_id = r.prompt_id AND f.candidate = r.candidate
), means AS (
    -- Of a list in order, so that the last digit does not depend on how many threads add.
    SELECT scorer, prompt_id, list_avg(list(reward ORDER BY candidate)) AS mean, count(*) AS n, max(reward) AS best
    FROM scored
    WHERE reward IS NOT NULL
    GROUP BY scorer, prompt_id
), ranked AS (
    SELECT
        s.*,
        m.n,
        m.mean,
        m.best,
        CASE WHEN reward IS NOT NULL THEN
            rank() OVER by_reward
            + (count(*) OVER (by_reward RANGE BETWEEN CURRENT ROW AND CURRENT ROW) - 1) / 2
        END AS rank
    FROM scored AS s LEFT JOIN means AS m USING (scorer, prompt_id)
    WINDOW by_reward AS (PARTITION BY scorer, prompt_id ORDER BY reward DESC NULLS LAST)
)
SELECT
    scorer,
    prompt_id,
    candidate,
    model,
    reward,
    reward - mean AS centred,
    best - reward AS gap,
    rank,
    CASE WHEN n > 1 THEN 100 * (n - rank) / (n - 1) END AS percentile,
    chars,
    text_hash
FROM ranked
ORDER BY scorer, prompt_id, candidate
