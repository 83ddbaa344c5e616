-- One row per scored candidate x scorer of the prompts from $first to $last: the scorer's place in $scorers, from 0, the
-- prompt, the candidate, its reward and its rank.
SELECT
    (list_position($scorers::VARCHAR[], scorer) - 1)::INTEGER AS scorer,
    prompt_id,
    candidate,
    reward,
    rank::FLOAT AS rank
FROM scores
WHERE reward IS NOT NULL AND list_contains($scorers::VARCHAR[], scorer) AND prompt_id BETWEEN $first AND $last
