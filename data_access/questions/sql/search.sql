-- The texts that match all of $patterns (four RE2 patterns; an empty one matches), among the prompts from $first to $last:
-- prompt_id, and the candidate whose response it is, or 0 for the prompt itself. $where: prompt, responses or both.
SELECT prompt_id, 0 AS candidate
FROM prompts
WHERE $where != 'responses'
    AND prompt_id BETWEEN $first AND $last
    AND regexp_matches(prompt, $pattern_1) AND regexp_matches(prompt, $pattern_2)
    AND regexp_matches(prompt, $pattern_3) AND regexp_matches(prompt, $pattern_4)
UNION ALL
SELECT prompt_id, candidate
FROM responses
WHERE $where != 'prompt'
    AND prompt_id BETWEEN $first AND $last
    AND regexp_matches(response, $pattern_1) AND regexp_matches(response, $pattern_2)
    AND regexp_matches(response, $pattern_3) AND regexp_matches(response, $pattern_4)
