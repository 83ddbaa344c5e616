-- One row: prompts, candidates, and candidates that at least one scorer has scored.
SELECT
    (SELECT count(*) FROM prompts) AS prompts,
    (SELECT count(*) FROM responses) AS candidates,
    (SELECT count(DISTINCT (prompt_id, candidate)) FROM scores WHERE reward IS NOT NULL) AS scored
