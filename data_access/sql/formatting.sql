-- Two rows, the best and the median candidate of each prompt (of shared ranks the lowest number): how many there are, and
-- the share of them with each kind of formatting.
WITH ranked AS (
    SELECT
        prompt_id,
        candidate,
        row_number() OVER (PARTITION BY prompt_id ORDER BY reward DESC, candidate) AS place,
        count(*) OVER (PARTITION BY prompt_id) AS n
    FROM scores
    WHERE scorer = $scorer AND reward IS NOT NULL
), chosen AS (
    SELECT 'best' AS which, prompt_id, candidate FROM ranked WHERE n > 2 AND place = 1
    UNION ALL
    SELECT 'median' AS which, prompt_id, candidate FROM ranked WHERE n > 2 AND place = (n + 1) // 2
)
SELECT
    c.which,
    count(*) AS n,
    avg((list_items > 0)::INTEGER) AS lists,
    avg((headers > 0)::INTEGER) AS headers,
    avg((bold_spans > 0)::INTEGER) AS bold,
    avg((code_blocks > 0)::INTEGER) AS code,
    avg(coalesce(regexp_matches(response, '[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B05}-\x{2B55}]'), false)::INTEGER) AS emoji
FROM chosen AS c JOIN responses AS r USING (prompt_id, candidate)
GROUP BY c.which
ORDER BY c.which
