-- One row: the prompt with its pair and its summary under one scorer. No row for an unknown $id.
SELECT
    * EXCLUDE (summaries),
    coalesce(summaries[$scorer].scored, 0) AS scored,
    summaries[$scorer].mean AS mean,
    summaries[$scorer].sd AS sd,
    summaries[$scorer].median AS median,
    summaries[$scorer].best AS best,
    summaries[$scorer].worst AS worst,
    summaries[$scorer].tied_for_best AS tied_for_best,
    summaries[$scorer].length_correlation AS length_correlation
FROM prompts
WHERE prompt_id = $id
