-- One row per scored candidate of the prompts $ids and scorer other than $scorer: its reward.
SELECT scorer, prompt_id, candidate, reward
FROM scores
WHERE scorer != $scorer AND reward IS NOT NULL AND prompt_id IN (SELECT unnest($ids::BIGINT[]))
ORDER BY scorer, prompt_id, candidate
