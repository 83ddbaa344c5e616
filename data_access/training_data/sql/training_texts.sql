-- One row for each place of the lists $ids, $first and $second, in order: the prompt's text, and those of two of its
-- candidates; 0 stands for RewardBench's $wanted text ('chosen' or 'rejected'), -1 for its rejected text, NULL for none.
WITH picks AS (
    SELECT
        unnest($ids::BIGINT[]) AS prompt_id,
        unnest($first::INTEGER[]) AS first,
        unnest($second::INTEGER[]) AS second,
        unnest(range(len($ids::BIGINT[]))) AS place
), texts AS (
    SELECT prompt_id, candidate, response
    FROM responses
    WHERE prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
    UNION ALL
    SELECT prompt_id, 0 AS candidate, CASE $wanted WHEN 'chosen' THEN chosen ELSE rejected END AS response
    FROM prompts
    WHERE prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
    UNION ALL
    SELECT prompt_id, -1 AS candidate, rejected AS response
    FROM prompts
    WHERE prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
)
SELECT coalesce(p.prompt, '') AS prompt, a.response AS first, b.response AS second
FROM picks
JOIN prompts AS p USING (prompt_id)
LEFT JOIN texts AS a ON a.prompt_id = picks.prompt_id AND a.candidate = picks.first
LEFT JOIN texts AS b ON b.prompt_id = picks.prompt_id AND b.candidate = picks.second
ORDER BY place
