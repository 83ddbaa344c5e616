-- Whose candidates were not scored?
-- What is missing is left out of every statistic; if it is not missing at random, they are skewed.
SELECT
    model, scorer, 1 - count(reward) / count(*) AS share_not_scored, count(*) - count(reward) AS not_scored,
    count(*) AS candidates
FROM scores
GROUP BY model, scorer
ORDER BY share_not_scored DESC, model
