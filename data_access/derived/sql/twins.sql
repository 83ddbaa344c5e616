-- Pairs of texts of one prompt that could be nearly the same, of the prompts from $first to $last: prompt_id, both candidates,
-- the lowest-numbered with their text, and both texts. They share $shared or more of the shorter one's sketch.
WITH firsts AS (
    SELECT prompt_id, min(candidate) AS candidate
    FROM responses
    WHERE prompt_id BETWEEN $first AND $last AND chars BETWEEN $shortest AND $longest AND NOT is_empty
    GROUP BY prompt_id, text_hash
), texts AS MATERIALIZED (
    SELECT prompt_id, candidate, r.chars, sketch(r.response, $size) AS sketch
    FROM responses AS r JOIN firsts USING (prompt_id, candidate)
    WHERE prompt_id BETWEEN $first AND $last
), parts AS (
    SELECT prompt_id, candidate, chars, len(sketch) AS size, unnest(sketch) AS part FROM texts
), following AS (
    SELECT
        prompt_id,
        candidate,
        chars,
        size,
        list({'candidate': candidate, 'chars': chars, 'size': size}) OVER (
            PARTITION BY prompt_id, part
            ORDER BY chars, candidate
            ROWS BETWEEN 1 FOLLOWING AND $neighbours FOLLOWING
        ) AS others
    FROM parts
), met AS (
    SELECT prompt_id, candidate, chars, size, unnest(others) AS other FROM following WHERE len(others) > 0
), pairs AS (
    SELECT
        prompt_id,
        candidate AS first,
        other.candidate AS second,
        count(*) / least(any_value(size), any_value(other.size)) AS shared
    FROM met
    WHERE chars >= other.chars * $similar / (2 - $similar)
    GROUP BY prompt_id, candidate, other.candidate
    HAVING shared >= $shared
    QUALIFY row_number() OVER (PARTITION BY prompt_id ORDER BY shared DESC, candidate, other.candidate) <= $most
)
SELECT p.prompt_id, p.first, p.second, a.response AS first_text, b.response AS second_text
FROM pairs AS p
JOIN responses AS a ON a.prompt_id = p.prompt_id AND a.candidate = p.first
JOIN responses AS b ON b.prompt_id = p.prompt_id AND b.candidate = p.second
WHERE a.prompt_id BETWEEN $first AND $last AND b.prompt_id BETWEEN $first AND $last
