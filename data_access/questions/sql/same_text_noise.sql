-- How the rewards of one text, given to several candidates of a prompt, differ from their mean: one row for each of 31 equal
-- bins around 0: low, high, n rewards; and, the same in each row, sd (pooled), texts and rewards. No row without such texts.
WITH same AS (
    SELECT
        reward - avg(reward) OVER one_text AS deviation,
        count(*) OVER one_text AS k,
        row_number() OVER (PARTITION BY prompt_id, text_hash ORDER BY candidate) AS number
    FROM scores
    WHERE scorer = $scorer AND reward IS NOT NULL AND text_hash IS NOT NULL
    WINDOW one_text AS (PARTITION BY prompt_id, text_hash)
), several AS (
    SELECT * FROM same WHERE k > 1
), summed AS (
    SELECT
        sqrt(sum(deviation * deviation) / (count(*) - count(*) FILTER (number = 1))) AS sd,
        count(*) FILTER (number = 1) AS texts,
        count(*) AS rewards,
        greatest(max(abs(deviation)), 1e-9) * 2 / 31 AS width
    FROM several
    HAVING count(*) > 0
), counted AS (
    SELECT least(greatest(floor(deviation / width + 15.5), 0), 30)::INTEGER AS bin, count(*) AS n
    FROM several, summed
    GROUP BY bin
)
SELECT (bins.bin - 15.5) * width AS low, (bins.bin - 14.5) * width AS high, coalesce(n, 0) AS n, sd, texts, rewards
FROM (SELECT unnest(range(31)) AS bin) AS bins CROSS JOIN summed LEFT JOIN counted USING (bin)
ORDER BY bins.bin
