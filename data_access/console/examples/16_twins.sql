-- What is one small change to a text worth?
-- The mean difference of rewards between nearly the same texts of a prompt, by kind of change: with the change minus without.
SELECT
    a.scorer,
    t.change,
    avg(b.reward - a.reward) AS difference,
    avg(abs(b.reward - a.reward)) AS size,
    count(*) AS pairs,
    count(DISTINCT t.prompt_id) AS prompts
FROM twins AS t
JOIN scores AS a ON a.prompt_id = t.prompt_id AND a.candidate = t.candidate
JOIN scores AS b ON b.prompt_id = t.prompt_id AND b.candidate = t.twin AND b.scorer = a.scorer
WHERE a.reward IS NOT NULL AND b.reward IS NOT NULL
GROUP BY ALL
ORDER BY a.scorer, pairs DESC
