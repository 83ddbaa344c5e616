-- Of the prompts of $ids: one row per prompt and phrase of its upper or lower quarter by $scorer: kind (0: a word, 1: two words
-- that follow each other, 2: the first three words), phrase, upper and lower (in which share of the quarter's texts it is;
-- each text counts once, whatever it repeats), in_prompt (whether the prompt has it too). The phrase '' has the totals of a
-- kind: how many different ones a text of the quarter has, in the mean.
-- Texts of $common, which answer most prompts alike and so answer none, are left out: their words would fill the list.
-- Candidates with one text are one, with the mean of their rewards; of m such texts the quarters are the best and the worst
-- m // 4. What ties at their ends is in or out by the text's hash, not by its place.
WITH texts AS (
    SELECT prompt_id, text_hash, min(candidate) AS candidate, avg(reward) AS reward
    FROM scores
    WHERE scorer = $scorer AND reward IS NOT NULL AND text_hash IS NOT NULL
        AND NOT list_contains($common::UBIGINT[], text_hash)
        AND prompt_id IN (SELECT unnest($ids::BIGINT[]))
    GROUP BY prompt_id, text_hash
), placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY prompt_id ORDER BY reward DESC, hash(text_hash)) AS place,
        count(*) OVER (PARTITION BY prompt_id) AS n
    FROM texts
), asked AS (
    SELECT prompt_id, words(prompt) AS asked FROM prompts WHERE prompt_id IN (SELECT unnest($ids::BIGINT[]))
), read AS MATERIALIZED (
    SELECT
        t.prompt_id,
        t.place <= t.n // 4 AS is_upper,
        t.n // 4 AS quarter,
        words(r.response) AS w
    FROM placed AS t
    JOIN responses AS r USING (prompt_id, candidate)
    WHERE (t.place <= t.n // 4 OR t.place > t.n - t.n // 4)
        AND r.prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])
), found AS (
    SELECT prompt_id, is_upper, quarter, 0 AS kind, unnest(list_distinct(w)) AS phrase FROM read
    UNION ALL
    SELECT prompt_id, is_upper, quarter, 1, unnest(list_distinct(word_pairs(w))) FROM read
    UNION ALL
    SELECT prompt_id, is_upper, quarter, 2, array_to_string(w[1:3], ' ') FROM read WHERE len(w) > 2
), counted AS (
    SELECT
        kind,
        phrase,
        prompt_id,
        count(*) FILTER (is_upper) / any_value(quarter) AS upper,
        count(*) FILTER (NOT is_upper) / any_value(quarter) AS lower
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
