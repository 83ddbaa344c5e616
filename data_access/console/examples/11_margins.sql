-- How decided are the prompts: how far is the best ahead of the second?
-- Prompts by the gap between their two best rewards, in steps of 0.25.
SELECT floor(4 * (entry.value).gap_to_second) / 4 AS gap_from, count(*) AS prompts, entry.key AS scorer
FROM prompts AS p, unnest(map_entries(p.summaries)) AS listed(entry)
WHERE (entry.value).gap_to_second IS NOT NULL
GROUP BY ALL
ORDER BY scorer, gap_from
