-- Of the prompts of $ids: one row per prompt and phrase of its upper or lower quarter by $scorer: kind (0: a word, 1: two words
-- that follow each other, 2: the first three words), phrase, upper and lower (in which share of the quarter's texts it is;
-- each text counts once, whatever it repeats), in_prompt (whether the prompt has it too). The phrase '' has the totals of a
-- kind: how many different ones a text of the quarter has, in the mean.
-- Texts of $common, which answer most prompts alike and so answer none, are left out: their words would fill the list.
-- Candidates with one text are one, with the mean of their rewards. Of m such texts the upper and the lower quarter are the
-- best and the worst m // 4; with $length_equal, of each four that are next in length the best and the worst, and a rest of
-- less than four is left out. Texts that tie at the end of a quarter share what places are left: weights, not a draw.
WITH texts AS (
    SELECT prompt_id, text_hash, min(candidate) AS candidate, avg(reward) AS reward, any_value(chars) AS chars
    FROM scores
    WHERE scorer = $scorer AND reward IS NOT NULL AND text_hash IS NOT NULL
        AND NOT list_contains($common::UBIGINT[], text_hash)
        AND prompt_id IN (SELECT unnest($ids::BIGINT[]))
    GROUP BY prompt_id, text_hash
), grouped AS (
    SELECT
        *,
        CASE
            WHEN $length_equal
            THEN (row_number() OVER (PARTITION BY prompt_id ORDER BY chars, hash(text_hash)) - 1) // 4
            ELSE 0
        END AS fellows
    FROM texts
), placed AS (
    SELECT
        prompt_id,
        candidate,
        count(*) OVER one_group // 4 AS places,
        rank() OVER (one_group ORDER BY reward DESC) - 1 AS better,
        rank() OVER (one_group ORDER BY reward) - 1 AS worse,
        count(*) OVER (PARTITION BY prompt_id, fellows, reward) AS tied
    FROM grouped
    WINDOW one_group AS (PARTITION BY prompt_id, fellows)
), weighed AS (
    SELECT
        prompt_id,
        candidate,
        greatest(0, least(1, (places - better) / tied)) AS upper,
        greatest(0, least(1, (places - worse) / tied)) AS lower
    FROM placed
), quarters AS (
    SELECT *, sum(upper) OVER (PARTITION BY prompt_id) AS quarter FROM weighed WHERE upper > 0 OR lower > 0
), asked AS (
    SELECT prompt_id, words(prompt) AS asked FROM prompts WHERE prompt_id IN (SELECT unnest($ids::BIGINT[]))
), read AS MATERIALIZED (
    SELECT t.prompt_id, t.upper / t.quarter AS upper, t.lower / t.quarter AS lower, words(r.response) AS w
    FROM quarters AS t
    JOIN responses AS r USING (prompt_id, candidate)
    WHERE r.prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
), found AS (
    SELECT prompt_id, upper, lower, 0 AS kind, unnest(list_distinct(w)) AS phrase FROM read
    UNION ALL
    SELECT prompt_id, upper, lower, 1, unnest(list_distinct(word_pairs(w))) FROM read
    UNION ALL
    SELECT prompt_id, upper, lower, 2, array_to_string(w[1:3], ' ') FROM read WHERE len(w) > 2
), counted AS (
    SELECT
        kind,
        phrase,
        prompt_id,
        sum(upper) AS upper,
        sum(lower) AS lower
    FROM found
    GROUP BY kind, phrase, prompt_id
), totals AS (
    SELECT kind, '' AS phrase, prompt_id, sum(upper) AS upper, sum(lower) AS lower FROM counted GROUP BY kind, prompt_id
)
SELECT
    kind::UTINYINT AS kind,
    phrase,
    prompt_id::INTEGER AS prompt_id,
    upper::FLOAT AS upper,
    lower::FLOAT AS lower,
    CASE
        WHEN kind = 1 THEN list_contains(word_pairs(asked), phrase)
        WHEN kind = 2 THEN array_to_string(asked[1:3], ' ') = phrase
        ELSE list_contains(asked, phrase)
    END AS in_prompt
FROM (FROM counted UNION ALL BY NAME FROM totals)
JOIN asked USING (prompt_id)
