-- Which prompts teach little, as all their rewards are nearly the same?
-- Spread is the standard deviation within the prompt.
SELECT scorer, prompt_id, stddev_samp(reward) AS spread, count(reward) AS scored, max(reward) - min(reward) AS range
FROM scores
GROUP BY scorer, prompt_id
HAVING count(reward) > 1
ORDER BY spread, prompt_id
LIMIT 50
