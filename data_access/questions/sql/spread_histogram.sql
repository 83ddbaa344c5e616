-- How prompts differ in spread: one row for each of 30 equal bins of the standard deviation of a prompt's rewards: low and
-- high end of the bin, and n prompts in it. No row where no prompt has two scored candidates.
WITH spreads AS (
    SELECT summaries[$scorer].sd AS sd FROM prompts WHERE summaries[$scorer].sd IS NOT NULL
), scale AS (
    SELECT min(sd) AS lowest, greatest(max(sd) - min(sd), 1e-9) / 30 AS width FROM spreads HAVING count(*) > 0
), counted AS (
    SELECT least(floor((sd - lowest) / width), 29)::INTEGER AS bin, count(*) AS n FROM spreads, scale GROUP BY bin
)
SELECT lowest + bins.bin * width AS low, lowest + (bins.bin + 1) * width AS high, coalesce(n, 0) AS n
FROM (SELECT unnest(range(30)) AS bin) AS bins
CROSS JOIN scale
LEFT JOIN counted USING (bin)
ORDER BY bins.bin
