"""Intervals over prompts: what a figure would be, had other prompts of the same kind been drawn. (Efron 1979.)"""

import numpy as np
import numpy.typing as npt

SEED = 1
LEVELS = (0.025, 0.975)


def bootstrap(prompts: int, rounds: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """How often each prompt is drawn in each round, when as many are drawn with replacement as there are: (rounds, prompts)."""
    return rng.multinomial(prompts, np.full(prompts, 1 / prompts), size=rounds)
