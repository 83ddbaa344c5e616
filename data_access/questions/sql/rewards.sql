-- One row per scored candidate: its reward.
SELECT reward FROM scores WHERE scorer = $scorer AND reward IS NOT NULL
