-- Where among the candidates is RewardBench's chosen text?
-- Only prompts whose chosen text is a candidate's. Percentile 100 is the best reward of the prompt.
SELECT s.percentile, s.rank, s.scorer, p.prompt_id, p.subset, p.chosen_is_exact AS exact, s.candidate, s.model
FROM prompts AS p
JOIN scores AS s ON s.prompt_id = p.prompt_id AND list_contains(p.chosen_candidates, s.candidate)
WHERE s.reward IS NOT NULL
ORDER BY s.percentile, p.prompt_id
