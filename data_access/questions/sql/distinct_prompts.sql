-- Of these prompts one for each text, the first that has it; those without a text are none: one row per text, in order.
SELECT min(prompt_id) AS prompt_id
FROM prompts
WHERE prompt_id IN (SELECT unnest($ids::BIGINT[])) AND prompt IS NOT NULL
GROUP BY prompt
ORDER BY prompt_id
