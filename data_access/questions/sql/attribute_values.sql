-- One row per candidate with a text and a reward by $scorer (and by $other, unless ''), by prompt: the rewards, and its
-- attributes. Without the texts of $common. Only prompts of $section and $subset, where these are not NULL, from $first to $last.
SELECT
    s.model,
    s.reward,
    o.reward AS other_reward,
    a.*
FROM attributes AS a
JOIN scores AS s USING (prompt_id, candidate)
JOIN prompts AS p USING (prompt_id)
LEFT JOIN scores AS o ON o.prompt_id = a.prompt_id AND o.candidate = a.candidate AND o.scorer = $other
WHERE s.scorer = $scorer
    AND s.reward IS NOT NULL
    AND NOT list_contains($common::UBIGINT[], s.text_hash)
    AND ($other = '' OR o.reward IS NOT NULL)
    AND a.prompt_id BETWEEN $first AND $last
    AND ($section::VARCHAR IS NULL OR p.section = $section::VARCHAR)
    AND ($subset::VARCHAR IS NULL OR p.subset = $subset::VARCHAR)
ORDER BY a.prompt_id, a.candidate
