-- One row: how many candidates, and prompts with such, have what a text or a reward should not have.
WITH outlying AS (
    -- Farther from the prompt's median than 6 times the median distance of its candidates, scaled to a standard deviation.
    SELECT prompt_id, count(*) AS n
    FROM (
        SELECT prompt_id, distance, median(distance) OVER (PARTITION BY prompt_id) AS typical
        FROM (
            SELECT prompt_id, abs(reward - median(reward) OVER (PARTITION BY prompt_id)) AS distance
            FROM scores WHERE scorer = $scorer AND reward IS NOT NULL
        )
    )
    WHERE typical > 0 AND distance > 6 * 1.4826 * typical
    GROUP BY prompt_id
), tied AS (
    SELECT prompt_id, sum(n) AS n
    FROM (SELECT prompt_id, count(*) AS n FROM scores WHERE scorer = $scorer AND reward IS NOT NULL GROUP BY prompt_id, reward)
    WHERE n > 1
    GROUP BY prompt_id
), repeated AS (
    SELECT sum(n) AS n FROM (SELECT count(*) AS n FROM prompts WHERE prompt IS NOT NULL GROUP BY prompt HAVING count(*) > 1)
)
SELECT
    sum(candidates)::BIGINT AS candidates,
    sum(candidates - coalesce(summaries[$scorer].scored, 0))::BIGINT AS unscored,
    sum(empty)::BIGINT AS empty,
    sum(cut_off)::BIGINT AS cut_off,
    sum(template_tokens)::BIGINT AS template_tokens,
    sum(candidates - texts)::BIGINT AS repeats_of_a_text,
    (SELECT coalesce(sum(n), 0)::BIGINT FROM outlying) AS outlying,
    (SELECT count(*) FROM outlying) AS prompts_with_outlying,
    (SELECT coalesce(sum(n), 0)::BIGINT FROM tied) AS tied,
    (SELECT count(*) FROM tied) AS prompts_with_tied,
    (SELECT coalesce(n, 0)::BIGINT FROM repeated) AS repeated_prompts
FROM prompts
