-- One row per prompt of $ids with RewardBench's $wanted ('chosen' or 'rejected') text: its length, who wrote it, and the
-- candidates that have this very text.
SELECT
    prompt_id,
    length(CASE $wanted WHEN 'chosen' THEN chosen ELSE rejected END) AS chars,
    CASE $wanted WHEN 'chosen' THEN chosen_model ELSE rejected_model END AS model,
    CASE $wanted WHEN 'chosen' THEN chosen_candidates ELSE rejected_candidates END AS candidates
FROM prompts
WHERE prompt_id IN (SELECT unnest($ids::BIGINT[]))
    AND NOT is_blank(CASE $wanted WHEN 'chosen' THEN chosen ELSE rejected END)
ORDER BY prompt_id
