-- Which source models win more often than their share of candidates?
-- Shared bests are split. Lift 2 is twice as often as by chance.
WITH best AS (
    SELECT scorer, model, 1 / count(*) OVER (PARTITION BY scorer, prompt_id) AS won FROM scores WHERE gap = 0
), wins AS (
    SELECT scorer, model, sum(won) AS wins FROM best GROUP BY scorer, model
), counts AS (
    SELECT scorer, model, count(reward) AS scored FROM scores GROUP BY scorer, model
)
SELECT
    c.model,
    c.scorer,
    coalesce(w.wins, 0) AS wins,
    c.scored,
    (coalesce(w.wins, 0) / sum(w.wins) OVER within_scorer) / (c.scored / sum(c.scored) OVER within_scorer) AS lift
FROM counts AS c
LEFT JOIN wins AS w ON w.scorer = c.scorer AND w.model IS NOT DISTINCT FROM c.model
WHERE c.scored > 0
WINDOW within_scorer AS (PARTITION BY c.scorer)
ORDER BY lift DESC
