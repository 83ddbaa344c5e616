-- One row per candidate of the prompt $id, best first, unscored last: its text, reward and standing, and how often its very
-- text occurs. place: the rank that a tie shares by its first (1, 2, 2, 4); tied: candidates with this reward;
-- same_text_low and same_text_high: the rewards of all candidates with this text.
WITH texts AS (
    SELECT * FROM responses WHERE prompt_id = $id
), standing AS (
    SELECT * FROM scores WHERE prompt_id = $id AND scorer = $scorer
)
SELECT
    t.candidate,
    t.model,
    t.response,
    s.reward,
    s.centred,
    s.gap,
    s.rank,
    s.percentile,
    CASE WHEN s.reward IS NOT NULL THEN rank() OVER (ORDER BY s.reward DESC NULLS LAST) END AS place,
    count(*) OVER (PARTITION BY s.reward) AS tied,
    t.chars,
    t.is_empty,
    t.is_cut_off,
    t.is_refusal,
    t.has_template_tokens,
    count(*) OVER same_text AS same_text,
    min(s.reward) OVER same_text AS same_text_low,
    max(s.reward) OVER same_text AS same_text_high
FROM texts AS t
LEFT JOIN standing AS s USING (candidate)
WINDOW same_text AS (PARTITION BY t.response)
ORDER BY s.reward DESC NULLS LAST, t.candidate
