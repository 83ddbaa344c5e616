-- Which preference pairs does "best against nearest to μ − 2σ" give?
-- One pair a prompt (of several with the same best reward any one); equal rewards and equal texts are left out.
WITH placed AS (
    SELECT *, abs(centred + 2 * stddev_samp(reward) OVER (PARTITION BY scorer, prompt_id)) AS distance
    FROM scores
    WHERE reward IS NOT NULL
), sides AS (
    SELECT
        scorer,
        prompt_id,
        arg_max(candidate, reward) AS chosen,
        arg_min(candidate, distance) AS rejected,
        max(reward) - arg_min(reward, distance) AS margin
    FROM placed
    GROUP BY scorer, prompt_id
)
SELECT s.scorer, s.prompt_id, s.margin, p.prompt, c.response AS chosen, r.response AS rejected
FROM sides AS s
JOIN prompts AS p USING (prompt_id)
JOIN responses AS c ON c.prompt_id = s.prompt_id AND c.candidate = s.chosen
JOIN responses AS r ON r.prompt_id = s.prompt_id AND r.candidate = s.rejected
WHERE s.margin > 0 AND c.response <> r.response
ORDER BY s.scorer, s.prompt_id
