-- One row for each prompt of $ids that has two scored candidates: its figures by one scorer, for a scatter of prompts.
SELECT
    p.prompt_id,
    left(p.prompt, 120) AS prompt,
    p.subset,
    p.summaries[$scorer].sd AS spread,
    p.summaries[$scorer].gap_to_second AS gap,
    p.summaries[$scorer].best - p.summaries[$scorer].mean AS lead,
    p.summaries[$scorer].length_correlation AS length,
    p.texts
FROM prompts AS p
WHERE p.prompt_id IN (SELECT unnest($ids::BIGINT[])) AND p.summaries[$scorer].scored > 1
ORDER BY p.prompt_id
