-- Two rows, the best and the median candidate of each prompt with three or more: how many prompts, and the share of such
-- candidates with each kind of formatting. Candidates that share the best or the median reward count by their share. The
-- median of an even number is the better of the two in the middle.
WITH ranked AS (
    SELECT
        prompt_id,
        candidate,
        reward,
        gap,
        row_number() OVER (PARTITION BY prompt_id ORDER BY reward DESC) AS place,
        count(*) OVER (PARTITION BY prompt_id) AS n
    FROM scores
    WHERE scorer = $scorer AND reward IS NOT NULL
), medians AS (
    SELECT prompt_id, reward FROM ranked WHERE n > 2 AND place = (n + 1) // 2
), chosen AS (
    SELECT 'best' AS which, prompt_id, candidate FROM ranked WHERE n > 2 AND gap = 0
    UNION ALL
    SELECT 'median' AS which, prompt_id, candidate FROM ranked JOIN medians USING (prompt_id, reward)
), by_prompt AS (
    SELECT
        c.which,
        avg((list_items > 0)::INTEGER) AS lists,
        avg((headers > 0)::INTEGER) AS headers,
        avg((bold_spans > 0)::INTEGER) AS bold,
        avg((code_blocks > 0)::INTEGER) AS code,
        avg(has_emoji(response)::INTEGER) AS emoji
    FROM chosen AS c JOIN responses AS r USING (prompt_id, candidate)
    GROUP BY c.which, c.prompt_id
)
SELECT
    which,
    count(*) AS n,
    avg(lists) AS lists,
    avg(headers) AS headers,
    avg(bold) AS bold,
    avg(code) AS code,
    avg(emoji) AS emoji
FROM by_prompt
GROUP BY which
ORDER BY which
