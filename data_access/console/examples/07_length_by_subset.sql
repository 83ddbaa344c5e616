-- In which subsets do longer responses get higher rewards?
-- Rank correlation of reward and length within each prompt (Spearman), averaged over prompts.
SELECT p.subset, entry.key AS scorer, avg(entry.value.length_correlation) AS mean_correlation, count(*) AS prompts
FROM prompts AS p, unnest(map_entries(p.summaries)) AS listed(entry)
WHERE entry.value.length_correlation IS NOT NULL
GROUP BY ALL
ORDER BY mean_correlation DESC
