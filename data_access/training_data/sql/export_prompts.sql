-- One row per prompt of $ids, in order: its text, RewardBench's pair, and the summary of its rewards under one scorer.
SELECT
    prompt_id,
    source_key,
    subset,
    section,
    prompt,
    candidates,
    texts,
    coalesce(summaries[$scorer].scored, 0) AS scored,
    summaries[$scorer].mean AS mean,
    summaries[$scorer].sd AS sd,
    summaries[$scorer].worst AS worst,
    summaries[$scorer].median AS median,
    summaries[$scorer].best AS best,
    summaries[$scorer].best_candidate AS best_candidate,
    summaries[$scorer].tied_for_best AS tied_for_best,
    summaries[$scorer].gap_to_second AS gap_to_second,
    summaries[$scorer].length_correlation AS length_correlation,
    chosen,
    chosen_model,
    chosen_candidates,
    rejected,
    rejected_model,
    rejected_candidates
FROM prompts
WHERE prompt_id IN (SELECT unnest($ids::BIGINT[]))
ORDER BY prompt_id
