"""Everything that people's answers tell, at once: what the page of results shows."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from data_access.dataset import Dataset
from data_access.judgements.answers import Answer
from data_access.questions.people.agreement import Counts, agreement, counts
from data_access.questions.people.answered import answered
from data_access.questions.people.between_people import BetweenPeople, between_people
from data_access.questions.people.calibration import Calibration, calibration
from data_access.questions.people.disagreements import disagreements
from data_access.questions.people.position import Position, position, position_by_person
from data_access.questions.people.source_models import by_model, same_model


class Results(NamedTuple):
    """The figures of each module, under its functions' names; `sets` and `people` are those with answers."""

    counts: Counts
    sets: tuple[str, ...]
    people: tuple[str, ...]
    agreement: pd.DataFrame
    calibration: Calibration | None
    between_people: BetweenPeople
    position: Position
    position_by_person: pd.DataFrame
    by_model: pd.DataFrame
    same_model: tuple[int, int]
    disagreements: pd.DataFrame


def results(dataset: Dataset, scorer: str, answers: Sequence[Answer], drawn: str = "", person: str = "") -> Results:
    """What the answers tell that fit this dataset: all, or those of one set, of one person (as they are shown), or of both.
    Reads all texts the first time."""
    some = [one for one in answers if drawn in ("", one.drawn) and person in ("", f"{one.person}")]
    found = answered(dataset, some)
    return Results(
        counts(found),
        tuple(sorted(found.answers["drawn"].unique())),
        tuple(sorted(found.answers["person"].unique())),
        agreement(found),
        calibration(found, scorer),
        between_people(found),
        position(found),
        position_by_person(found),
        by_model(found, scorer),
        same_model(found),
        disagreements(found, scorer),
    )
