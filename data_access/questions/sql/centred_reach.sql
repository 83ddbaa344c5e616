-- One row: reach, the centred reward that 99 % of the scored candidates do not exceed, up or down. Above 0.
SELECT greatest(coalesce(quantile_cont(abs(centred), 0.99), 0), 1e-9) AS reach
FROM scores
WHERE scorer = $scorer AND centred IS NOT NULL
