"""Pairs that people chose: the text that most of them prefer, against the other."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.derived.text_keys import text_keys
from data_access.judgements.answers import Answer
from data_access.judgements.people import Person
from data_access.judgements.votes import Pair, by_pair, preferred
from data_access.training_data.reasons import MISSING, first_reason
from data_access.training_data.recipes import Recipe

# RewardBench's texts, in the place of a candidate's number.
BENCHMARK = {"chosen": 0, "rejected": -1}


class JudgedBy(NamedTuple):
    """Whose answers pairs are chosen by: how many, the times of the first and the last, and a name of just these answers."""

    people: tuple[Person, ...]
    answers: int
    first: str
    last: str
    state: str


class _Side(NamedTuple):
    """What is known of one text of a pair: the number of a candidate or of BENCHMARK, its length, who wrote it, and whether
    it can be a training row."""

    number: int
    chars: Any
    model: Any
    is_usable: bool


def people_pairs(
    dataset: Dataset,
    recipe: Recipe,
    pool: pd.DataFrame,
    usable: pd.DataFrame,
    ids: Sequence[int],
    answers: Sequence[Answer],
) -> tuple[pd.DataFrame, JudgedBy]:
    """One row per answered pair of these prompts, as `pairs.pairs` has them, without a margin; and whose answers they are.

    `pool` has all candidates of the prompts, `usable` those that may be in a row. A prompt that is there twice counts once.
    """
    of_pair = by_pair(answers)
    sides = _sides(dataset, of_pair, pool, usable, ids)
    prompts = pool.drop_duplicates("prompt_id").set_index("prompt_id")
    there = {*prompts.index}
    rows: list[dict[str, Any]] = []
    counted: list[Answer] = []
    for pair, its_answers in of_pair.items():
        both = [sides.get((pair.prompt, key), {}) for key in (pair.first, pair.second)]
        if not (shared := both[0].keys() & both[1].keys() & there):
            continue
        prompt_id = min(shared)
        counted += its_answers
        most = preferred(one.answer for one in its_answers)
        first, second = (both[at][prompt_id] for at in ((1, 0) if most == "second" else (0, 1)))
        of_prompt = prompts.loc[prompt_id]
        rows.append(
            {
                "prompt_id": prompt_id,
                "number": len(rows),
                "first": first.number,
                "second": second.number,
                "chars": first.chars,
                "chars_second": second.chars,
                "model": first.model,
                "model_second": second.model,
                "is_left_out": not (first.is_usable and second.is_usable),
                "is_tied": not most,
                **{name: of_prompt[name] for name in ("subset", "side", "row_draw", "balance_draw")},
            }
        )
    table = pd.DataFrame(rows, columns=[*_COLUMNS])
    bound = np.inf if recipe.ratio is None else recipe.ratio
    reasons = {
        "left_out": table["is_left_out"],
        "people_tied": table["is_tied"],
        "ratio": table["chars"].astype(float) > bound * table["chars_second"].astype(float),
    }
    dropped_for = first_reason(table, reasons)
    return table.assign(margin=np.nan, label=MISSING, amount=np.nan, dropped_for=dropped_for), _judged_by(counted)


_TEXT = ["prompt_id", "text_hash"]
_COLUMNS = (
    "prompt_id", "number", "first", "second", "chars", "chars_second", "model", "model_second", "is_left_out", "is_tied",
    "subset", "side", "row_draw", "balance_draw",
)  # fmt: skip


def _sides(
    dataset: Dataset, of_pair: Iterable[Pair], pool: pd.DataFrame, usable: pd.DataFrame, ids: Sequence[int]
) -> dict[tuple[str, str], dict[int, _Side]]:
    """Each answered text, by the keys of its prompt and of itself, in each of these prompts that has it: of the candidates with
    the text one that is usable, the first by lot; else one that is not; else RewardBench's text."""
    text_keys(dataset)
    keys = [(pair.prompt, key) for pair in of_pair for key in (pair.first, pair.second)]
    prompts, responses = [prompt for prompt, _ in keys], [key for _, key in keys]
    places = read(dataset, "questions/text_places", prompts=prompts, responses=responses)
    places = places[places["prompt_id"].isin(list(ids))]
    some = usable[usable["prompt_id"].isin(places["prompt_id"])].sort_values("tie").drop_duplicates(_TEXT)
    kept = {
        (prompt_id, text): _Side(int(candidate), chars, model, True)
        for prompt_id, text, candidate, chars, model in _rows(some, *_TEXT, "candidate", "chars", "model")
    }
    hashes = {
        (prompt_id, f"{candidate}"): text
        for prompt_id, candidate, text in _rows(pool, "prompt_id", "candidate", "text_hash")
    }
    benchmark = {side: _benchmark(dataset, side, ids) for side in BENCHMARK}
    found: dict[tuple[str, str], dict[int, _Side]] = {}
    for prompt_key, key, prompt_id, choice in _rows(places, "prompt_key", "response_key", "prompt_id", "choice"):
        of_text = found.setdefault((prompt_key, key), {})
        if choice in BENCHMARK:
            side = benchmark[choice].get(prompt_id, _Side(BENCHMARK[choice], np.nan, MISSING, False))
        else:
            side = kept.get((prompt_id, hashes.get((prompt_id, choice))), _Side(int(choice), np.nan, MISSING, False))
        if prompt_id not in of_text:  # a text's candidates come before RewardBench's
            of_text[prompt_id] = side
    return found


def _rows(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].tolist() for name in names), strict=True)


def _benchmark(dataset: Dataset, side: str, ids: Sequence[int]) -> dict[int, _Side]:
    """RewardBench's text of each prompt that has one."""
    texts = read(dataset, "training_data/pair_texts", ids=list(ids), wanted=side)
    return {
        prompt_id: _Side(BENCHMARK[side], chars, model, True)
        for prompt_id, chars, model in _rows(texts, "prompt_id", "chars", "model")
    }


def _judged_by(answers: Sequence[Answer]) -> JudgedBy:
    times = sorted(one.at for one in answers) or [""]
    state = sha256("\n".join(sorted(map(repr, answers))).encode("utf-8", "replace")).hexdigest()
    return JudgedBy(tuple(sorted({one.person for one in answers})), len(answers), times[0], times[-1], state)
