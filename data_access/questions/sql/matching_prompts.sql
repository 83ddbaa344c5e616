-- prompt_id of every prompt that passes the filter, in its order: one row per prompt. Empty lists and NULLs let all pass.
-- The flags' condition is put in from flags.py, and for a filter by an attribute its rows, as in attribute_by_prompt.sql.
WITH by_attribute AS (
    {by_attribute}
), summarised AS (
    SELECT p.*, summaries[$scorer] AS summary, b.r, b.prompt_id IS NOT NULL AS differs
    FROM prompts AS p LEFT JOIN by_attribute AS b USING (prompt_id)
)
SELECT prompt_id
FROM summarised
WHERE (len($section::VARCHAR[]) = 0 OR list_contains($section::VARCHAR[], section))
    AND (len($subset::VARCHAR[]) = 0 OR list_contains($subset::VARCHAR[], subset))
    AND (
        len($model::VARCHAR[]) = 0
        OR prompt_id IN (SELECT prompt_id FROM scores WHERE list_contains($model::VARCHAR[], model))
    )
    AND ($won::VARCHAR = '' OR prompt_id IN (
        SELECT prompt_id FROM scores WHERE scorer = $scorer AND model = $won::VARCHAR AND gap = 0
    ))
    AND ($lost::VARCHAR = '' OR (prompt_id, summary.worst) IN (
        SELECT (prompt_id, reward) FROM scores WHERE scorer = $scorer AND model = $lost::VARCHAR AND reward IS NOT NULL
    ))
    AND ($beat::VARCHAR = '' OR prompt_id IN (
        SELECT a.prompt_id
        FROM scores AS a JOIN scores AS b USING (scorer, prompt_id)
        WHERE scorer = $scorer AND a.model = $beat::VARCHAR AND b.model = $over::VARCHAR
        GROUP BY a.prompt_id
        HAVING avg(sign(a.reward - b.reward)) > 0
    ))
    AND ($found::BIGINT[] IS NULL OR prompt_id IN (SELECT unnest($found::BIGINT[])))
    AND ($spread_low::DOUBLE IS NULL OR summary.sd >= $spread_low::DOUBLE)
    AND ($spread_high::DOUBLE IS NULL OR summary.sd <= $spread_high::DOUBLE)
    AND ($best_low::DOUBLE IS NULL OR summary.best >= $best_low::DOUBLE)
    AND ($best_high::DOUBLE IS NULL OR summary.best <= $best_high::DOUBLE)
    AND ($gap_low::DOUBLE IS NULL OR summary.gap_to_second >= $gap_low::DOUBLE)
    AND ($gap_high::DOUBLE IS NULL OR summary.gap_to_second <= $gap_high::DOUBLE)
    AND ($texts_low::DOUBLE IS NULL OR texts >= $texts_low::DOUBLE)
    AND ($texts_high::DOUBLE IS NULL OR texts <= $texts_high::DOUBLE)
    AND ($lead_low::DOUBLE IS NULL OR summary.best - summary.mean >= $lead_low::DOUBLE)
    AND ($lead_high::DOUBLE IS NULL OR summary.best - summary.mean <= $lead_high::DOUBLE)
    AND ($length_low::DOUBLE IS NULL OR summary.length_correlation >= $length_low::DOUBLE)
    AND ($length_high::DOUBLE IS NULL OR summary.length_correlation <= $length_high::DOUBLE)
    AND ($attribute::VARCHAR = '' OR differs)
    AND {flags}
ORDER BY
    CASE WHEN $descending THEN -1 ELSE 1 END * CASE $sort
        WHEN 'spread' THEN summary.sd
        WHEN 'gap' THEN summary.gap_to_second
        WHEN 'lead' THEN summary.best - summary.mean
        WHEN 'texts' THEN texts
        WHEN 'scored' THEN coalesce(summary.scored, 0)
        WHEN 'length' THEN summary.length_correlation
        WHEN 'attribute' THEN r
        ELSE prompt_id
    END NULLS LAST,
    prompt_id
