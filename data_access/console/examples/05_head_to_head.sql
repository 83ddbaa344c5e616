-- Among the most frequent source models, how often does one beat another on the same prompt?
-- Each prompt counts once: the share of their pairs of candidates that the first wins, ties one half.
WITH frequent AS (
    SELECT model FROM scores WHERE reward IS NOT NULL GROUP BY model ORDER BY count(*) DESC, model LIMIT 12
), entrants AS (
    SELECT scorer, prompt_id, model, reward FROM scores SEMI JOIN frequent USING (model) WHERE reward IS NOT NULL
), duels AS (
    SELECT
        a.scorer,
        a.prompt_id,
        a.model,
        b.model AS other,
        avg(CASE WHEN a.reward > b.reward THEN 1 WHEN a.reward = b.reward THEN 0.5 ELSE 0 END) AS won
    FROM entrants AS a
    JOIN entrants AS b USING (scorer, prompt_id)
    WHERE a.model <> b.model
    GROUP BY a.scorer, a.prompt_id, a.model, b.model
)
SELECT model, other, avg(won) AS win_rate, count(*) AS shared_prompts, scorer
FROM duels
GROUP BY scorer, model, other
ORDER BY win_rate DESC, model, other
