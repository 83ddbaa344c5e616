-- One row for each prompt of $ids, in that order, for the list of prompts. rewards: how many scored candidates lie in each
-- of 15 equal bins of centred reward between -$reach and +$reach (what is beyond counts in the last bin on its side).
WITH listed AS (
    SELECT unnest($ids::BIGINT[]) AS prompt_id, unnest(range(len($ids::BIGINT[]))) AS place
), binned AS (
    SELECT
        prompt_id,
        least(greatest(floor((centred + $reach) / (2 * $reach) * 15), 0), 14)::INTEGER AS bin,
        count(*) AS n
    FROM scores
    WHERE scorer = $scorer AND centred IS NOT NULL AND prompt_id IN (SELECT prompt_id FROM listed)
    GROUP BY ALL
), distributions AS (
    SELECT prompt_id, map_from_entries(list((bin, n))) AS bins FROM binned GROUP BY prompt_id
)
SELECT
    p.prompt_id,
    p.source_key,
    left(p.prompt, 300) AS prompt,
    p.section,
    p.subset,
    CASE WHEN d.bins IS NOT NULL THEN [coalesce(d.bins[bin::INTEGER], 0) FOR bin IN range(15)] END AS rewards,
    p.summaries[$scorer].best AS best,
    p.summaries[$scorer].best - p.summaries[$scorer].mean AS lead,
    p.summaries[$scorer].sd AS spread,
    p.summaries[$scorer].gap_to_second AS gap,
    coalesce(p.summaries[$scorer].scored, 0) AS scored,
    p.summaries[$scorer].length_correlation AS length_correlation,
    p.candidates,
    p.texts,
    p.chosen_candidates,
    p.chosen_is_exact,
    p.rejected_candidates,
    p.rejected_is_exact
FROM listed AS l
JOIN prompts AS p USING (prompt_id)
LEFT JOIN distributions AS d USING (prompt_id)
ORDER BY l.place
