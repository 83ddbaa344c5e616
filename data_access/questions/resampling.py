"""Intervals over prompts: what a figure would be, had other prompts of the same kind been drawn. (Efron 1979.)"""

import numpy as np
import numpy.typing as npt

SEED = 1
LEVELS = (0.025, 0.975)
DRAWS_AT_ONCE = 1_000_000  # numbers of how often a prompt is drawn


def bootstrap(prompts: int, rounds: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """How often each prompt is drawn in each round, when as many are drawn with replacement as there are: (rounds, prompts)."""
    return rng.multinomial(prompts, np.full(prompts, 1 / prompts), size=rounds)


def resampled(values: npt.NDArray[np.float64], rounds: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """The sum over prompts of values (prompts, …) in each round of drawing them anew: (rounds, …). Some rounds at once, so that
    memory does not grow with their number."""
    prompts = len(values)
    at_once = max(1, DRAWS_AT_ONCE // max(prompts, 1))
    return np.concatenate(
        [
            np.tensordot(bootstrap(prompts, min(at_once, rounds - start), rng).astype(float), values, axes=1)
            for start in range(0, rounds, at_once)
        ]
    )
