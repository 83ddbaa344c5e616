-- One row per different text of the prompts $ids that is not empty: prompt_id; candidate, the lowest-numbered with this text;
-- reward and other, the mean rewards by $scorer and by $other of the candidates with it (NULL where none is scored); mean and sd
-- of all the prompt's rewards by $scorer; has_chosen and is_chosen: whether the prompt has RewardBench's chosen text, and whether
-- this is it, to the letter or nearly. A prompt without a text of its own has none.
WITH asked AS (
    SELECT prompt_id, NOT is_blank(chosen) AS has_chosen, chosen_candidates, summaries[$scorer] AS summary
    FROM prompts
    WHERE prompt_id IN (SELECT unnest($ids::BIGINT[])) AND prompt IS NOT NULL
), texts AS (
    SELECT prompt_id, candidate, text_hash
    FROM responses SEMI JOIN asked USING (prompt_id)
    WHERE NOT is_empty AND prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
), scored AS (
    SELECT
        prompt_id,
        candidate,
        max(reward) FILTER (scorer = $scorer) AS reward,
        max(reward) FILTER (scorer = $other) AS other
    FROM scores SEMI JOIN asked USING (prompt_id)
    WHERE scorer IN ($scorer, $other)
    GROUP BY prompt_id, candidate
), of_texts AS (
    SELECT
        prompt_id,
        min(candidate) AS candidate,
        -- In order, as a sum of fractions depends on it; equal ones as they are, so that ties stay ties.
        CASE WHEN min(reward) = max(reward) THEN min(reward) ELSE avg(reward ORDER BY candidate) END AS reward,
        CASE WHEN min(other) = max(other) THEN min(other) ELSE avg(other ORDER BY candidate) END AS other,
        list(candidate) AS candidates
    FROM texts JOIN scored USING (prompt_id, candidate)
    GROUP BY prompt_id, text_hash
)
SELECT
    prompt_id,
    candidate,
    reward,
    other,
    summary.mean AS mean,
    summary.sd AS sd,
    has_chosen,
    coalesce(list_has_any(candidates, chosen_candidates), false) AS is_chosen
FROM of_texts JOIN asked USING (prompt_id)
ORDER BY prompt_id, candidate
