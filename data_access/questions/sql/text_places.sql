-- Where the asked texts are in this dataset: one row per place. `choice` is '' for a prompt's own text, else a candidate's
-- number, 'chosen' or 'rejected'. $prompts and $responses go together, '' stands for the prompt itself.
WITH asked AS (
    SELECT DISTINCT unnest($prompts::VARCHAR[]) AS prompt_key, unnest($responses::VARCHAR[]) AS response_key
), prompts_there AS (
    SELECT prompt_id, sha256(prompt) AS prompt_key, chosen, rejected
    FROM prompts
    WHERE sha256(prompt) IN (SELECT prompt_key FROM asked)
), there AS (
    SELECT prompt_key, response_key, prompt_id, unhex(response_key) AS key, chosen, rejected
    FROM asked JOIN prompts_there USING (prompt_key)
)
SELECT prompt_key, response_key, prompt_id, '' AS choice, NULL::INTEGER AS candidate FROM there WHERE response_key = ''
UNION ALL
SELECT prompt_key, response_key, prompt_id, candidate::VARCHAR, candidate
FROM there JOIN text_keys USING (prompt_id, key)
UNION ALL
SELECT prompt_key, response_key, prompt_id, 'chosen', NULL FROM there WHERE sha256(chosen) = response_key
UNION ALL
SELECT prompt_key, response_key, prompt_id, 'rejected', NULL FROM there WHERE sha256(rejected) = response_key
ORDER BY prompt_id, candidate NULLS LAST, choice
