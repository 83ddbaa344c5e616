"""What each scorer of a joined dataset has scored, how it ranks a prompt's candidates, and where two agree."""

from math import nan
from pathlib import Path

import numpy as np
import pytest

from data_access.preparing.joining import ENSEMBLE
from data_access.questions import scorers
from data_access.questions.agreement import most_apart, of_pair, pairs
from data_access.questions.prompt import other_ranks
from data_access.questions.scorers import agreement, paired_percentiles
from tests.data_access.preparing.test_joining import FIRST, OTHER, joined


def test_a_joined_dataset_is_compared_on_every_prompt_both_ways_whatever_is_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = joined(tmp_path, FIRST, OTHER)
    found = agreement(dataset)
    assert found.scorers == ("first", "other", ENSEMBLE)
    pair = of_pair(found, "first", "other")
    assert pair["shared"].tolist() == [6, 1]
    # By the other the candidates rank 5 6 4 3 1 2: two pairs as by the first, thirteen the other way round.
    assert pair["tau"].tolist() == [pytest.approx(-11 / 15), pytest.approx(nan, nan_ok=True)]
    values = np.array([2, 1, 3, 10, 20, 15])
    assert pair["regret"].iloc[0] == pytest.approx((20 - 2) / values.std(ddof=1))
    back = of_pair(found, "other", "first")
    assert back["regret"].iloc[0] == pair["back_regret"].iloc[0]
    assert most_apart(pair, "tau", 5)["prompt_id"].tolist() == [1]
    assert pairs(found, ("first", "other")).iloc[0][["first", "other", "n"]].tolist() == ["first", "other", 1]
    monkeypatch.setattr(scorers, "AT_ONCE", 1)
    again = agreement(dataset)
    for name, values in found.figures.items():
        np.testing.assert_array_equal(values, again.figures[name])


def test_the_coverage_and_the_standings_of_a_prompt_name_every_scorer(tmp_path: Path) -> None:
    dataset = joined(tmp_path, FIRST, OTHER)
    assert scorers.single_scorers(dataset) == ("first", "other")
    assert scorers.coverage(dataset).to_numpy().tolist() == [
        ["first", 8, 2, 8],
        ["other", 7, 2, 8],
        [ENSEMBLE, 6, 1, 8],
    ]
    points = paired_percentiles(scorers.standings(dataset, 2), "first", "other")
    assert points[["candidate", "model", "x_place", "y_place"]].to_numpy().tolist() == [[1, "ant", 2, 1]]
    ranks = other_ranks(dataset, "first", 1)
    assert ranks["other"].tolist() == ["5", "6", "4", "3", "1", "2"]
    assert ranks[ENSEMBLE].tolist() == ["1=", "5=", "3=", "3=", "1=", "5="]
    assert other_ranks(dataset, "first", 2).loc[1].tolist() == ["1", "–"]
