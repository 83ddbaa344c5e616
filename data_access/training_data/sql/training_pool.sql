-- One row per candidate of the prompts $ids, by prompt: its reward and standing under one scorer, and what it is dropped_for
-- (NULL where it can be a training row). draw, tie and row_draw: numbers from 0 to 1, made of $seed and the candidate's place,
-- the same each time: for what is drawn, for ties, and for the rows that stay; one for all would make one depend on another.
-- side: the same of the prompt's normalised text, so that equal prompts fall on one side of a split. Of the candidates with
-- one text the one with the best reward stays.
WITH asked AS (
    SELECT p.prompt_id, p.subset, md5_number_lower($seed || ':side:' || coalesce(normalised(p.prompt), '')) / 18446744073709551616.0 AS side
    FROM prompts AS p
    WHERE p.prompt_id IN (SELECT unnest($ids::BIGINT[]))
), judged AS (
    SELECT
        s.prompt_id,
        a.subset,
        s.candidate,
        s.model,
        s.reward,
        s.centred,
        s.percentile,
        r.chars,
        r.text_hash,
        a.side,
        md5_number_lower($seed || ':' || s.prompt_id || ':' || s.candidate) / 18446744073709551616.0 AS draw,
        md5_number_lower($seed || ':tie:' || s.prompt_id || ':' || s.candidate) / 18446744073709551616.0 AS tie,
        md5_number_lower($seed || ':row:' || s.prompt_id || ':' || s.candidate) / 18446744073709551616.0 AS row_draw,
        avg(s.reward) OVER of_prompt AS mean,
        stddev_samp(s.reward) OVER of_prompt AS sd,
        CASE
            WHEN s.reward IS NULL THEN 'unscored'
            WHEN r.is_empty THEN 'empty'
            WHEN list_contains($without::VARCHAR[], 'cut_off') AND r.is_cut_off THEN 'cut_off'
            WHEN list_contains($without::VARCHAR[], 'template_tokens') AND r.has_template_tokens THEN 'template_tokens'
            WHEN list_contains($without::VARCHAR[], 'refusal') AND r.is_refusal THEN 'refusal'
        END AS dropped_for
    FROM scores AS s
    JOIN asked AS a USING (prompt_id)
    JOIN responses AS r USING (prompt_id, candidate)
    WHERE s.scorer = $scorer
    WINDOW of_prompt AS (PARTITION BY s.prompt_id)
)
SELECT
    * EXCLUDE (dropped_for),
    CASE
        WHEN dropped_for IS NULL AND NOT $repeats
            AND row_number() OVER (PARTITION BY prompt_id, text_hash, dropped_for IS NULL ORDER BY reward DESC, tie) > 1
        THEN 'repeat'
        ELSE dropped_for
    END AS dropped_for
FROM judged
ORDER BY prompt_id, candidate
