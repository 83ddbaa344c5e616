-- One row per phrase and prompt that has it, of one $kind and of prompts of $section and $subset, where these are not NULL: key,
-- prompt_id, upper, lower (in which share of the texts of that quarter it is). Key 0 has the totals of each prompt. Without
-- rows of phrases that the prompt has too, if so $asked.
SELECT f.key, f.prompt_id, f.upper, f.lower
FROM {phrases} AS f JOIN prompts AS p USING (prompt_id)
WHERE f.kind = $kind
    AND (f.key = 0 OR NOT $asked OR NOT f.in_prompt)
    AND ($section::VARCHAR IS NULL OR p.section = $section::VARCHAR)
    AND ($subset::VARCHAR IS NULL OR p.subset = $subset::VARCHAR)
ORDER BY f.key, f.prompt_id
