-- Prompts that are worth seeing, the first $most of each reason, first is most: reason, place, of (how many prompts have that
-- figure), prompt_id, value.
WITH figures AS (
    SELECT prompt_id, summaries[$scorer] AS s, chosen_candidates, rejected_candidates
    FROM prompts
    WHERE summaries[$scorer].scored > 2
), sides AS (
    SELECT
        f.prompt_id,
        avg(r.reward) FILTER (list_contains(f.chosen_candidates, r.candidate)) AS chosen,
        avg(r.reward) FILTER (list_contains(f.rejected_candidates, r.candidate)) AS rejected
    FROM figures AS f JOIN scores AS r USING (prompt_id)
    WHERE r.scorer = $scorer AND f.chosen_candidates IS NOT NULL AND f.rejected_candidates IS NOT NULL
    GROUP BY f.prompt_id
), reasons AS (
    SELECT 'gap' AS reason, prompt_id, s.gap_to_second AS value FROM figures
    UNION ALL
    SELECT 'spread', prompt_id, s.sd FROM figures
    UNION ALL
    SELECT 'shorter', prompt_id, -s.length_correlation FROM figures WHERE s.length_correlation < 0
    UNION ALL
    SELECT 'tied', prompt_id, s.tied_for_best FROM figures WHERE s.tied_for_best > 1
    UNION ALL
    SELECT 'noise', prompt_id, s.same_text_spread FROM figures WHERE s.same_text_spread > 0
    UNION ALL
    SELECT 'rejected', prompt_id, rejected - chosen FROM sides WHERE rejected > chosen
), placed AS (
    SELECT
        reason,
        row_number() OVER (PARTITION BY reason ORDER BY value DESC, prompt_id) AS place,
        count(*) OVER (PARTITION BY reason) AS of,
        prompt_id,
        value
    FROM reasons
    WHERE value IS NOT NULL
)
SELECT * FROM placed WHERE place <= $most ORDER BY reason, place
