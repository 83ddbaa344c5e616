-- One row per value that prompts can be filtered by: field (section, subset, model), value, how many candidates or prompts.
-- Sections and subsets in the source's order, models by name.
SELECT field, value, n FROM (
    SELECT 'section' AS field, section AS value, count(*) AS n, min(prompt_id) AS place
    FROM prompts WHERE section IS NOT NULL GROUP BY section
    UNION ALL
    SELECT 'subset', subset, count(*), min(prompt_id) FROM prompts WHERE subset IS NOT NULL GROUP BY subset
    UNION ALL
    SELECT 'model', model, count(*), 0 FROM scores WHERE model IS NOT NULL AND scorer = $scorer GROUP BY model
)
ORDER BY field, place, value
