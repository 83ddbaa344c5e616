"""Resampling prompts: as many are drawn as there are, each as likely as any other, the same in rounds at once or in parts."""

import numpy as np

from data_access.questions.resampling import SEED, bootstrap


def test_each_round_draws_as_many_prompts_as_there_are_and_each_as_often_as_any_other() -> None:
    drawn = bootstrap(4, 2000, np.random.default_rng(SEED))
    assert drawn.shape == (2000, 4)
    assert set(drawn.sum(axis=1)) == {4}
    # The mean of 2000 numbers with variance 4 · ¼ · ¾ is within 5 standard errors of 1.
    np.testing.assert_allclose(drawn.mean(axis=0), 1, atol=5 * np.sqrt(0.75 / 2000))


def test_rounds_that_are_drawn_in_parts_are_those_that_are_drawn_at_once() -> None:
    at_once, in_parts = np.random.default_rng(SEED), np.random.default_rng(SEED)
    np.testing.assert_array_equal(
        bootstrap(7, 30, at_once), np.concatenate([bootstrap(7, 10, in_parts) for _ in range(3)])
    )
