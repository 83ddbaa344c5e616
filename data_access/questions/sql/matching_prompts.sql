-- prompt_id of every prompt that passes the filter, in its order: one row per prompt. Empty lists and NULLs let all pass.
WITH summarised AS (
    SELECT *, summaries[$scorer] AS summary FROM prompts
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
    AND list_bool_and([true] || [
        CASE flag
            WHEN 'unscored' THEN coalesce(summary.scored, 0) < candidates
            WHEN 'same_text' THEN texts < candidates
            WHEN 'unequal_same_text' THEN summary.same_text_spread > 0
            WHEN 'tied_best' THEN summary.tied_for_best > 1
            WHEN 'empty' THEN empty > 0
            WHEN 'cut_off' THEN cut_off > 0
            WHEN 'refusal' THEN refusals > 0
            WHEN 'template_tokens' THEN template_tokens > 0
            WHEN 'chosen' THEN chosen_candidates IS NOT NULL
            WHEN 'rejected' THEN rejected_candidates IS NOT NULL
            WHEN 'pair' THEN chosen_candidates IS NOT NULL AND rejected_candidates IS NOT NULL
            WHEN 'outlying' THEN summary.outlying > 0
            WHEN 'tied' THEN summary.tied > 0
            WHEN 'repeated' THEN true
            WHEN 'scored_pair' THEN true
            WHEN 'formatted_best' THEN true
            WHEN 'no_pair' THEN chosen_candidates IS NULL AND rejected_candidates IS NULL
        END IS TRUE
        FOR flag IN $flag::VARCHAR[]
    ])
    -- These need more than the prompt's own row.
    AND (NOT list_contains($flag::VARCHAR[], 'scored_pair') OR prompt_id IN (
        SELECT prompt_id
        FROM prompts JOIN scores USING (prompt_id)
        WHERE scorer = $scorer AND reward IS NOT NULL
        GROUP BY prompt_id
        HAVING bool_or(list_contains(chosen_candidates, candidate)) AND bool_or(list_contains(rejected_candidates, candidate))
    ))
    AND (NOT list_contains($flag::VARCHAR[], 'formatted_best') OR prompt_id IN (
        SELECT prompt_id
        FROM scores JOIN responses USING (prompt_id, candidate)
        WHERE scorer = $scorer AND gap = 0 AND list_items + headers + bold_spans + code_blocks > 0
    ))
    AND (
        NOT list_contains($flag::VARCHAR[], 'repeated')
        OR prompt IN (SELECT prompt FROM prompts WHERE prompt IS NOT NULL GROUP BY prompt HAVING count(*) > 1)
    )
ORDER BY
    CASE WHEN $descending THEN -1 ELSE 1 END * CASE $sort
        WHEN 'spread' THEN summary.sd
        WHEN 'gap' THEN summary.gap_to_second
        WHEN 'lead' THEN summary.best - summary.mean
        WHEN 'texts' THEN texts
        WHEN 'scored' THEN coalesce(summary.scored, 0)
        WHEN 'length' THEN summary.length_correlation
        ELSE prompt_id
    END NULLS LAST,
    prompt_id
