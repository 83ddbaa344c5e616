-- One row for each place of the lists $ids and $choices (a candidate's number, 'chosen' or 'rejected'), in order: chars, the length
-- of its text in characters, and model, who wrote it.
WITH places AS (
    SELECT
        unnest($ids::BIGINT[]) AS prompt_id,
        unnest($choices::VARCHAR[]) AS choice,
        unnest(range(len($ids::BIGINT[]))) AS place
)
SELECT
    CASE choice WHEN 'chosen' THEN length(p.chosen) WHEN 'rejected' THEN length(p.rejected) ELSE r.chars END AS chars,
    CASE choice WHEN 'chosen' THEN p.chosen_model WHEN 'rejected' THEN p.rejected_model ELSE r.model END AS model
FROM places
JOIN prompts AS p USING (prompt_id)
LEFT JOIN responses AS r ON r.prompt_id = places.prompt_id AND r.candidate = TRY_CAST(choice AS INTEGER)
ORDER BY place
