-- One row per pair of twins whose texts $scorer has scored, the largest difference first, at most $most (all where NULL):
-- prompt_id, prompt (its first 200 characters), candidate, twin, models, difference (the mean reward of all candidates with
-- the twin's text minus that of those with the candidate's), size, similarity, change, what; and in each row n, how many
-- there are, in how many prompts. With $one_each only the first of each prompt. Only of prompts of $section and $subset, and
-- of the kind $change, where these are not NULL.
WITH texts AS (
    SELECT prompt_id, candidate, model, avg(reward) OVER (PARTITION BY prompt_id, text_hash) AS reward
    FROM scores
    WHERE scorer = $scorer AND text_hash IS NOT NULL
)
SELECT
    t.prompt_id,
    left(p.prompt, 200) AS prompt,
    t.candidate,
    t.twin,
    CASE
        WHEN a.model IS DISTINCT FROM b.model THEN concat(coalesce(a.model, '?'), ' → ', coalesce(b.model, '?'))
        ELSE a.model
    END AS models,
    b.reward - a.reward AS difference,
    abs(b.reward - a.reward) AS size,
    t.similarity,
    t.change,
    t.what,
    count(*) OVER () AS n,
    dense_rank() OVER (ORDER BY t.prompt_id) + dense_rank() OVER (ORDER BY t.prompt_id DESC) - 1 AS prompts,
    row_number() OVER (PARTITION BY t.prompt_id ORDER BY size DESC, t.candidate, t.twin) AS place
FROM twins AS t
JOIN prompts AS p USING (prompt_id)
JOIN texts AS a ON a.prompt_id = t.prompt_id AND a.candidate = t.candidate
JOIN texts AS b ON b.prompt_id = t.prompt_id AND b.candidate = t.twin
WHERE a.reward IS NOT NULL
    AND b.reward IS NOT NULL
    AND ($section::VARCHAR IS NULL OR p.section = $section::VARCHAR)
    AND ($subset::VARCHAR IS NULL OR p.subset = $subset::VARCHAR)
    AND ($change::VARCHAR IS NULL OR t.change = $change::VARCHAR)
QUALIFY place = 1 OR NOT $one_each
ORDER BY size DESC, t.prompt_id, t.candidate, t.twin
LIMIT $most
