-- One row per prompt: its text, RewardBench's pair and where that is among the candidates, counts, and for each scorer a
-- summary of its rewards (summaries: scorer -> struct; tied: candidates that share a reward; outlying: candidates farther
-- from the median than 6 robust standard deviations, none where half of the rewards are equal).
WITH typical AS (
    -- mad is the median distance from the median; 1.4826 makes it a standard deviation where rewards are normal.
    SELECT scorer, prompt_id, median(reward) AS middle, 6 * 1.4826 * mad(reward) AS far
    FROM scores
    WHERE reward IS NOT NULL
    GROUP BY scorer, prompt_id
), lengths_ranked AS (
    SELECT
        *,
        (2 * rank)::BIGINT AS twice_rank,
        2 * rank() OVER by_length + count(*) OVER (by_length RANGE BETWEEN CURRENT ROW AND CURRENT ROW) - 1
            AS twice_length_rank
    FROM scores JOIN typical USING (scorer, prompt_id)
    WHERE reward IS NOT NULL
    WINDOW by_length AS (PARTITION BY scorer, prompt_id ORDER BY coalesce(chars, 0))
), same_reward AS (
    SELECT scorer, prompt_id, sum(sharing) AS tied
    FROM (
        SELECT scorer, prompt_id, count(*) AS sharing
        FROM scores
        WHERE reward IS NOT NULL
        GROUP BY scorer, prompt_id, reward
        HAVING count(*) > 1
    )
    GROUP BY scorer, prompt_id
), same_text AS (
    SELECT scorer, prompt_id, max(reward) - min(reward) AS spread
    FROM scores
    WHERE reward IS NOT NULL AND text_hash IS NOT NULL
    GROUP BY scorer, prompt_id, text_hash
    HAVING count(*) > 1
), noise AS (
    SELECT scorer, prompt_id, max(spread) AS same_text_spread FROM same_text GROUP BY scorer, prompt_id
), summary AS (
    SELECT
        scorer,
        prompt_id,
        count(*) AS scored,
        -- Of a list in order, so that the last digit does not depend on how many threads add.
        list(reward ORDER BY candidate) AS rewards,
        min(reward) AS worst,
        quantile_cont(reward, 0.25) AS lower_quartile,
        median(reward) AS median,
        quantile_cont(reward, 0.75) AS upper_quartile,
        max(reward) AS best,
        list(candidate ORDER BY reward DESC, candidate)[1:2] AS first_two,
        list(gap ORDER BY reward DESC, candidate)[2] AS gap_to_second,
        count(*) FILTER (gap = 0) AS tied_for_best,
        count(*) FILTER (far > 0 AND abs(reward - middle) > far) AS outlying,
        -- Spearman: the correlation of mid-ranks, whose doubles are whole numbers: exact sums.
        sum(twice_rank) AS x,
        sum(twice_length_rank) AS y,
        sum(twice_rank * twice_rank) AS xx,
        sum(twice_length_rank * twice_length_rank) AS yy,
        sum(twice_rank * twice_length_rank) AS xy
    FROM lengths_ranked
    GROUP BY scorer, prompt_id
), summaries AS (
    SELECT prompt_id, map_from_entries(list((scorer, summarised) ORDER BY scorer)) AS summaries
    FROM (
        SELECT
            s.prompt_id,
            s.scorer,
            struct_pack(
                scored, mean := list_avg(rewards), sd := list_stddev_samp(rewards), worst, lower_quartile, median,
                upper_quartile, best, best_candidate := first_two[1], tied_for_best, second_candidate := first_two[2],
                gap_to_second, tied := coalesce(tied, 0)::BIGINT, outlying,
                -- Rank 1 is the best reward, so the sign is turned.
                length_correlation := CASE
                    WHEN scored * xx > x * x AND scored * yy > y * y
                    THEN -(scored * xy - x * y)::DOUBLE
                        / (sqrt((scored * xx - x * x)::DOUBLE) * sqrt((scored * yy - y * y)::DOUBLE))
                END,
                same_text_spread := n.same_text_spread
            ) AS summarised
        FROM summary AS s
        LEFT JOIN noise AS n USING (scorer, prompt_id)
        LEFT JOIN same_reward USING (scorer, prompt_id)
    )
    GROUP BY prompt_id
), counts AS (
    SELECT
        prompt_id,
        count(*) AS candidates,
        count(DISTINCT text_hash) + count(*) FILTER (chars IS NULL) AS texts,
        count(*) FILTER (is_empty) AS empty,
        count(*) FILTER (is_cut_off) AS cut_off,
        count(*) FILTER (is_refusal) AS refusals,
        count(*) FILTER (has_template_tokens) AS template_tokens
    FROM responses
    GROUP BY prompt_id
), sides AS MATERIALIZED (
    SELECT *, hash(text) AS text_hash
    FROM (
        SELECT prompt_id, 'chosen' AS side, chosen AS text FROM source_prompts
        UNION ALL
        SELECT prompt_id, 'rejected' AS side, rejected AS text FROM source_prompts
    )
    WHERE NOT is_blank(text)
), with_hash AS MATERIALIZED (
    SELECT s.prompt_id, s.side, r.candidate
    FROM sides AS s JOIN scores AS r USING (prompt_id, text_hash)
    WHERE r.scorer = (SELECT min(scorer) FROM scorers)
), others AS MATERIALIZED (
    SELECT *, long_word(normal) AS word, marks(normal) AS marks
    FROM (SELECT s.*, normalised(s.text) AS normal FROM sides AS s ANTI JOIN with_hash USING (prompt_id, side))
), best_match AS (
    -- The texts themselves are read once, from `candidates`, where they need not be unpacked.
    SELECT prompt_id, side, list(candidate ORDER BY candidate) AS candidates, true AS is_exact
    FROM with_hash AS w JOIN sides AS s USING (prompt_id, side) JOIN candidates AS r USING (prompt_id, candidate)
    WHERE r.response = s.text
    GROUP BY prompt_id, side
    UNION ALL
    -- Normalising every response would take seconds: only those that have a long word of the text in them, and as many
    -- marks; and CASE, because the condition after AND would be taken for the join's key and computed for all.
    SELECT prompt_id, side, list(candidate ORDER BY candidate) AS candidates, false AS is_exact
    FROM others AS s JOIN candidates AS r USING (prompt_id)
    WHERE CASE
        WHEN contains(r.response, s.word)
        THEN CASE WHEN marks(r.response) = s.marks THEN normalised(r.response) = s.normal END
    END
    GROUP BY prompt_id, side
)
SELECT
    p.prompt_id,
    p.source_key,
    p.prompt,
    p.subset,
    section.section,
    p.chosen,
    p.chosen_model,
    p.rejected,
    p.rejected_model,
    c.candidates AS chosen_candidates,
    c.is_exact AS chosen_is_exact,
    r.candidates AS rejected_candidates,
    r.is_exact AS rejected_is_exact,
    coalesce(counts.candidates, 0) AS candidates,
    coalesce(counts.texts, 0) AS texts,
    coalesce(counts.empty, 0) AS empty,
    coalesce(counts.cut_off, 0) AS cut_off,
    coalesce(counts.refusals, 0) AS refusals,
    coalesce(counts.template_tokens, 0) AS template_tokens,
    summaries.summaries
FROM source_prompts AS p
LEFT JOIN sections AS section ON section.subset = p.subset
LEFT JOIN best_match AS c ON c.prompt_id = p.prompt_id AND c.side = 'chosen'
LEFT JOIN best_match AS r ON r.prompt_id = p.prompt_id AND r.side = 'rejected'
LEFT JOIN counts ON counts.prompt_id = p.prompt_id
LEFT JOIN summaries ON summaries.prompt_id = p.prompt_id
ORDER BY p.prompt_id
