-- One row per joined dataset: how many of its scored candidates and of its prompts are in the first one (found), and how many
-- candidates of the first have a reward by it (scored, of), by the mean of several (averaged).
WITH ours AS (
    SELECT DISTINCT hash(p.prompt) AS prompt_hash, r.text_hash
    FROM responses AS r JOIN prompts AS p USING (prompt_id)
    WHERE p.prompt IS NOT NULL
), theirs AS (
    SELECT
        o.dataset,
        count(DISTINCT (o.file, o.prompt_id, o.candidate)) AS candidates,
        count(DISTINCT (o.file, o.prompt_id, o.candidate)) FILTER (t.text_hash IS NOT NULL) AS found,
        count(DISTINCT o.prompt_hash) AS prompts,
        count(DISTINCT o.prompt_hash) FILTER (t.text_hash IS NOT NULL) AS prompts_found
    FROM others AS o LEFT JOIN ours AS t USING (prompt_hash, text_hash)
    GROUP BY o.dataset
), given AS (
    SELECT
        dataset,
        count(DISTINCT (prompt_id, candidate)) AS scored,
        count(DISTINCT (prompt_id, candidate)) FILTER (is_averaged) AS averaged
    FROM matched
    GROUP BY dataset
)
SELECT
    t.dataset,
    t.candidates,
    t.found,
    t.prompts,
    t.prompts_found,
    coalesce(g.scored, 0) AS scored,
    (SELECT count(*) FROM responses) AS total,
    coalesce(g.averaged, 0) AS averaged
FROM theirs AS t LEFT JOIN given AS g USING (dataset)
ORDER BY t.dataset
