-- One row per scorer, in the order of $scorers: how many candidates it has scored, in how many prompts, of how many candidates.
SELECT
    scorer,
    count(reward) AS scored,
    count(DISTINCT prompt_id) FILTER (reward IS NOT NULL) AS prompts,
    (SELECT count(*) FROM responses) AS candidates
FROM scores
GROUP BY scorer
ORDER BY list_position($scorers::VARCHAR[], scorer)
