-- One row for each of 20 bins of equally many candidates by length relative to their prompt's mean length: low and high
-- end of that ratio, mean centred reward, and n candidates.
WITH relative AS (
    SELECT chars / avg(chars) OVER (PARTITION BY prompt_id) AS ratio, centred
    FROM scores
    WHERE scorer = $scorer AND centred IS NOT NULL AND chars > 0
), binned AS (
    SELECT *, ntile(20) OVER (ORDER BY ratio) AS bin FROM relative
)
SELECT min(ratio) AS low, max(ratio) AS high, median(ratio) AS ratio, avg(centred) AS centred, count(*) AS n
FROM binned
GROUP BY bin
ORDER BY bin
