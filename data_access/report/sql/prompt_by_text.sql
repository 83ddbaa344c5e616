-- The first prompt whose text has this key (`data_access.report.reports.key_of`); no row where there is none.
SELECT prompt_id FROM prompts WHERE sha256(prompt)[1:32] = $key ORDER BY prompt_id LIMIT 1
