-- One row per subset ('' where there is none): the mean over its prompts of the rank correlation of reward and length, how
-- often, in the prompts `compared`, the longest candidate has the best reward (shared lengths and bests count by their
-- share), what chance gives, and how often the chosen text of a pair is longer than the rejected.
WITH longest AS (
    SELECT
        prompt_id,
        avg(CASE WHEN gap = 0 THEN 1.0 ELSE 0.0 END) FILTER (chars = most) AS longest_wins,
        avg(CASE WHEN gap = 0 THEN 1.0 ELSE 0.0 END) AS any_wins
    FROM (
        SELECT prompt_id, gap, coalesce(chars, 0) AS chars, max(coalesce(chars, 0)) OVER (PARTITION BY prompt_id) AS most
        FROM scores
        WHERE scorer = $scorer AND reward IS NOT NULL
    )
    GROUP BY prompt_id
    HAVING count(*) > 1
)
SELECT
    coalesce(p.subset, '') AS subset,
    count(p.summaries[$scorer].length_correlation) AS prompts,
    avg(p.summaries[$scorer].length_correlation) AS correlation,
    count(l.longest_wins) AS compared,
    avg(l.longest_wins) AS longest_wins,
    avg(l.any_wins) AS chance,
    count(*) FILTER (p.chosen IS NOT NULL AND p.rejected IS NOT NULL) AS pairs,
    avg(CASE WHEN length(p.chosen) > length(p.rejected) THEN 1.0 ELSE 0.0 END)
        FILTER (p.chosen IS NOT NULL AND p.rejected IS NOT NULL) AS chosen_is_longer
FROM prompts AS p LEFT JOIN longest AS l USING (prompt_id)
GROUP BY coalesce(p.subset, '')
ORDER BY min(p.prompt_id)
