-- One row: what is odd in the relations as they come from the source.
SELECT
    (SELECT count(*) FROM source_prompts WHERE is_blank(prompt)) AS without_prompt,
    (SELECT count(*) FROM rewards WHERE NOT isfinite(reward)) AS not_finite,
    (SELECT count(*) FROM responses WHERE chars IS NULL) AS without_text
