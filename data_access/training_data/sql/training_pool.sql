-- One row per candidate of the prompts $ids, by prompt: its reward and standing under one scorer, and what it is dropped_for
-- (NULL where it can be a training row; without a reward it can where not $scored_only). What the recipe asks of attributes is put in by measured.py.
-- draw, tie, row_draw and balance_draw: numbers from 0 to 1, made of $seed and the candidate's place, the same each time: for
-- what is drawn, for ties, and for the rows that stay of a source model and of a balance; one for all would make one depend on
-- another. The last two only where they are asked for.
-- side: the same of the prompt's normalised text, so that equal prompts fall on one side of a split.
-- Without $repeats, one of the usable candidates with the same text stays. It is drawn, and where their rewards are unequal
-- (is_averaged) it has the mean of their rewards, centred rewards and percentiles: the best of them would be the scorer's
-- noise. mean and sd are the prompt's, over all its scored candidates.
WITH measured AS (
    {attributes}
), asked AS (
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
        CASE WHEN $draws_rows THEN
            md5_number_lower($seed || ':row:' || s.prompt_id || ':' || s.candidate) / 18446744073709551616.0
        END AS row_draw,
        CASE WHEN $draws_balance THEN
            md5_number_lower($seed || ':balance:' || s.prompt_id || ':' || s.candidate) / 18446744073709551616.0
        END AS balance_draw,
        t.amount,
        avg(s.reward) OVER of_prompt AS mean,
        stddev_samp(s.reward) OVER of_prompt AS sd,
        CASE
            WHEN s.reward IS NULL AND $scored_only THEN 'unscored'
            WHEN r.is_empty THEN 'empty'
            WHEN list_contains($without::VARCHAR[], 'cut_off') AND r.is_cut_off THEN 'cut_off'
            WHEN list_contains($without::VARCHAR[], 'template_tokens') AND r.has_template_tokens THEN 'template_tokens'
            WHEN list_contains($without::VARCHAR[], 'refusal') AND r.is_refusal THEN 'refusal'
            ELSE t.has
        END AS dropped_for
    FROM scores AS s
    JOIN asked AS a USING (prompt_id)
    JOIN responses AS r USING (prompt_id, candidate)
    LEFT JOIN measured AS t USING (prompt_id, candidate)
    WHERE s.scorer = $scorer
        -- The row groups that need to be read.
        AND s.prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
        AND r.prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
    WINDOW of_prompt AS (PARTITION BY s.prompt_id)
), unequal AS (
    SELECT prompt_id, text_hash
    FROM judged
    WHERE dropped_for IS NULL AND NOT $repeats
    GROUP BY prompt_id, text_hash
    HAVING min(reward) < max(reward)
), means AS (
    -- In order, as a sum of fractions depends on it.
    SELECT
        prompt_id,
        text_hash,
        avg(reward ORDER BY candidate) AS reward,
        avg(centred ORDER BY candidate) AS centred,
        avg(percentile ORDER BY candidate) AS percentile
    FROM judged
    SEMI JOIN unequal USING (prompt_id, text_hash)
    WHERE dropped_for IS NULL
    GROUP BY prompt_id, text_hash
)
SELECT
    j.* REPLACE (
        coalesce(m.reward, j.reward) AS reward,
        coalesce(m.centred, j.centred) AS centred,
        coalesce(m.percentile, j.percentile) AS percentile,
        CASE
            WHEN j.dropped_for IS NULL AND NOT $repeats
                AND row_number() OVER (PARTITION BY j.prompt_id, j.text_hash, j.dropped_for IS NULL ORDER BY j.tie) > 1
            THEN 'repeat'
            ELSE j.dropped_for
        END AS dropped_for
    ),
    m.reward IS NOT NULL AS is_averaged
FROM judged AS j
LEFT JOIN means AS m ON m.prompt_id = j.prompt_id AND m.text_hash = j.text_hash AND j.dropped_for IS NULL
ORDER BY j.prompt_id, j.candidate
