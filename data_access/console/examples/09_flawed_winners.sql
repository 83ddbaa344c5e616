-- Which winners are cut off, empty, or have template tokens left in?
-- To look at before training on them; "cut off" is a suspicion.
SELECT
    s.scorer, s.prompt_id, s.candidate, s.model, r.is_cut_off, r.is_empty, r.has_template_tokens, r.chars,
    right(r.response, 80) AS ending
FROM scores AS s
JOIN responses AS r USING (prompt_id, candidate)
WHERE s.gap = 0 AND (r.is_cut_off OR r.is_empty OR r.has_template_tokens)
ORDER BY s.scorer, s.prompt_id
