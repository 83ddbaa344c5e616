-- One row per side (chosen, rejected) of a prompt's pair whose text is among the published $texts, each of which is a
-- conversation as the reward model read it, with one of $scores and $subsets: lowest and highest score, how many such texts,
-- whether prompt and text are in them character by character (is_exact); and the mean reward by $scorer of the candidates
-- that have this very text (NULL without one). Published texts of the prompt's own subset go before others.
WITH published AS (
    SELECT *, normalised(text) AS normal
    FROM (
        SELECT unnest($texts::VARCHAR[]) AS text, unnest($scores::DOUBLE[]) AS score, unnest($subsets::VARCHAR[]) AS subset
    )
), sides AS (
    SELECT prompt_id, subset, prompt, 'chosen' AS side, chosen AS text, chosen_candidates AS candidates, chosen_is_exact AS same
    FROM prompts WHERE NOT is_blank(chosen)
    UNION ALL
    SELECT prompt_id, subset, prompt, 'rejected', rejected, rejected_candidates, rejected_is_exact
    FROM prompts WHERE NOT is_blank(rejected)
), normal_sides AS (
    SELECT *, CASE WHEN length(normal) >= 24 THEN right(normal, 24) END AS ending
    FROM (SELECT *, normalised(text) AS normal, normalised(prompt) AS normal_prompt FROM sides)
), possible AS (
    -- Every text with every other would take a second: first those with the same end, then the short ones.
    SELECT s, p FROM normal_sides AS s JOIN published AS p ON right(p.normal, 24) = s.ending
    UNION ALL
    SELECT s, p FROM normal_sides AS s JOIN published AS p ON s.ending IS NULL AND ends_with(p.normal, s.normal)
), ends AS (
    SELECT
        s.*,
        p.score,
        p.subset IS NOT DISTINCT FROM s.subset AS same_subset,
        contains(p.text, s.text) AND contains(p.text, s.prompt) AS is_exact,
        left(p.normal, length(p.normal) - length(s.normal)) AS before
    FROM possible
    WHERE ends_with(p.normal, s.normal)
), matches AS (
    -- Between prompt and response there is at most a role's name.
    SELECT *, max(same_subset) OVER (PARTITION BY prompt_id, side) AS any_same_subset
    FROM ends
    WHERE contains(before, normal_prompt) AND regexp_full_match(
        substr(before, strpos(before, normal_prompt) + length(normal_prompt)), '(?i)\W*(?:assistant|model|gpt4?|bot)?\W*')
), found AS (
    SELECT
        prompt_id, side, min(score) AS low, max(score) AS high, count(*) AS texts, bool_and(is_exact) AS is_exact,
        any_value(CASE WHEN same THEN candidates END) AS candidates
    FROM matches
    WHERE same_subset = any_same_subset
    GROUP BY prompt_id, side
)
SELECT
    f.* EXCLUDE (candidates),
    (
        SELECT avg(s.reward) FROM scores AS s
        WHERE s.scorer = $scorer AND s.prompt_id = f.prompt_id AND list_contains(f.candidates, s.candidate)
    ) AS reward
FROM found AS f
ORDER BY prompt_id, side
