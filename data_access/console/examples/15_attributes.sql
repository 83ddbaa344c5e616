-- Which attributes do the best candidates have more often than the others?
-- The share of best and of other scored candidates that have each, averaged over prompts, which all weigh the same.
WITH marks AS (
    SELECT s.scorer, s.prompt_id, s.gap = 0 AS is_best, mark.name AS attribute, mark.value AS has
    FROM scores AS s
    JOIN attributes AS a USING (prompt_id, candidate),
        unnest([
            {'name': 'bold', 'value': a.bold > 0},
            {'name': 'list items', 'value': a.list_items > 0},
            {'name': 'headers', 'value': a.headers > 0},
            {'name': 'question marks', 'value': a.questions > 0},
            {'name': 'hedges', 'value': a.hedges > 0},
            {'name': 'opening courtesy', 'value': a.courtesy},
            {'name': 'closing offer', 'value': a.offer}
        ]) AS listed(mark)
    WHERE s.reward IS NOT NULL
), by_prompt AS (
    SELECT scorer, attribute, prompt_id, avg(has::INTEGER) FILTER (is_best) AS best, avg(has::INTEGER) FILTER (NOT is_best) AS others
    FROM marks
    GROUP BY ALL
)
SELECT attribute, avg(best) AS share_of_best, avg(others) AS share_of_others, count(*) AS prompts, scorer
FROM by_prompt
WHERE others IS NOT NULL
GROUP BY ALL
ORDER BY scorer, share_of_best - share_of_others DESC
