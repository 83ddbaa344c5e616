-- One row for each place of the lists $ids, $first and $second, in order: the prompt's text, and those of two of its responses, each
-- a candidate's number or 'chosen', RewardBench's text.
WITH places AS (
    SELECT
        unnest($ids::BIGINT[]) AS prompt_id,
        unnest($first::VARCHAR[]) AS first,
        unnest($second::VARCHAR[]) AS second,
        unnest(range(len($ids::BIGINT[]))) AS place
), texts AS (
    SELECT prompt_id, candidate::VARCHAR AS choice, response
    FROM responses
    WHERE prompt_id IN (SELECT unnest($ids::BIGINT[]))
        AND prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
    UNION ALL
    SELECT prompt_id, 'chosen', chosen FROM prompts WHERE prompt_id IN (SELECT unnest($ids::BIGINT[]))
)
SELECT p.prompt, a.response AS first, b.response AS second
FROM places
JOIN prompts AS p USING (prompt_id)
JOIN texts AS a ON a.prompt_id = places.prompt_id AND a.choice = places.first
JOIN texts AS b ON b.prompt_id = places.prompt_id AND b.choice = places.second
ORDER BY place
