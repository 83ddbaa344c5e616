-- The key of each response of these prompts: one row per candidate with a text.
SELECT prompt_id, candidate, unhex(sha256(response)) AS key
FROM responses
WHERE prompt_id BETWEEN $first AND $last AND response IS NOT NULL
