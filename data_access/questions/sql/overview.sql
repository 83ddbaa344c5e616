-- One row: counts of the dataset under one scorer. The flags' are put in from flags.py:
-- prompts_with_x is how many prompts the flag x of a filter keeps.
WITH summarised AS (
    SELECT *, summaries[$scorer] AS summary FROM prompts
)
SELECT
    count(*) AS prompts,
    sum(candidates)::BIGINT AS candidates,
    coalesce(sum(summary.scored), 0)::BIGINT AS scored,
    min(candidates) AS fewest_candidates,
    max(candidates) AS most_candidates,
    count(DISTINCT subset) AS subsets,
    (SELECT count(DISTINCT model) FROM scores WHERE scorer = $scorer) AS models,
    count(summary.sd) AS prompts_with_spread,
    median(summary.sd) AS median_spread,
    count(summary.length_correlation) AS prompts_with_length_correlation,
    avg(summary.length_correlation) AS mean_length_correlation,
    sum(candidates - texts)::BIGINT AS repeats_of_a_text,
    max(summary.same_text_spread) AS largest_same_text_spread,
    coalesce(sum(summary.tied), 0)::BIGINT AS tied,
    coalesce(sum(summary.outlying), 0)::BIGINT AS outlying,
    sum(cut_off)::BIGINT AS cut_off,
    sum(template_tokens)::BIGINT AS template_tokens,
    sum(empty)::BIGINT AS empty,
    sum(refusals)::BIGINT AS refusal,
    count(*) FILTER (chosen IS NOT NULL AND rejected IS NOT NULL) AS prompts_with_both_texts,
    {flags}
FROM summarised
