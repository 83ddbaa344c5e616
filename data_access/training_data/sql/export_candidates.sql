-- One row per candidate of the prompts of $ids, in order: where it is from, its text, and its standing under one
-- scorer (NULL where it has no reward); and the attributes that the recipe asks for, put in by measured.py
-- (NULL where it has no text).
WITH measured AS (
    {attributes}
)
SELECT
    s.prompt_id,
    p.source_key,
    p.subset,
    p.prompt,
    s.candidate,
    s.model,
    r.response,
    s.reward,
    s.centred,
    s.gap,
    s.rank,
    s.percentile,
    r.chars,
    r.is_empty,
    r.is_cut_off,
    r.is_refusal,
    r.has_template_tokens,
    t.* EXCLUDE (prompt_id, candidate)
FROM scores AS s
JOIN responses AS r USING (prompt_id, candidate)
JOIN prompts AS p USING (prompt_id)
LEFT JOIN measured AS t ON t.prompt_id = s.prompt_id AND t.candidate = s.candidate
WHERE s.scorer = $scorer
    AND s.prompt_id IN (SELECT unnest($ids::BIGINT[]))
    -- The row groups of texts that need to be read.
    AND r.prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
ORDER BY s.prompt_id, s.candidate
