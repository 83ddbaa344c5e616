-- One row per scored candidate x scorer of a file that is to be joined, from its views hashed, source_prompts and
-- given_rewards: hashes of its prompt, text and source model (NULL where none is given), its place in that file, and its reward.
SELECT
    r.scorer,
    CASE WHEN p.prompt IS NOT NULL THEN hash(p.prompt) END AS prompt_hash,
    c.text_hash,
    CASE WHEN NOT c.is_anonymous THEN c.model_hash END AS model_hash,
    r.prompt_id,
    r.candidate,
    r.reward
FROM given_rewards AS r
JOIN source_prompts AS p USING (prompt_id)
LEFT JOIN hashed AS c USING (prompt_id, candidate)
WHERE isfinite(r.reward)
