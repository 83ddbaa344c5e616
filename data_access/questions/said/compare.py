"""What Compare says of the figures beside the texts."""

PERCENTILES = (
    "Rewards here are mean percentiles by the other scorers, from 0 to 100: not a logit, so no preference is implied."
)
IMPLIED = (
    "RM-implied preference is σ(reward difference), what a Bradley-Terry reward model with these logits implies; it is not "
    "calibrated, and a high reward is not proof of quality."
)
UNDERLINED = "Underlined: words that only this text has."
