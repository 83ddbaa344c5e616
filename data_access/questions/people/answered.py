"""The pairs of this dataset that people have answered: what each of them said, and what the scorers say of the same texts."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.judgements.answers import Answer
from data_access.judgements.votes import by_pair, preferred
from data_access.questions.text_places import text_places

ENOUGH = 10  # answers or pairs: of fewer, no figure is given
SIDES = ("first", "second")
PAIRS = ["prompt_id", "first", "second", "first_chars", "second_chars", "first_model", "second_model", "preferred"]
ANSWERS = ["pair", "person", "answer", "left", "drawn", "at"]


class Answered(NamedTuple):
    """`pairs`: one row per pair that somebody answered, by prompt, index 0, 1, …: prompt_id; first and second, as Compare's
    links name a text; first_chars, second_chars; first_model, second_model (missing where it is not given, or where candidates
    of several models have the text); preferred, 'first' or 'second' where most people say so, else ''.

    `differences`: the same index, a column per scorer: reward of the first − reward of the second, NaN where not both are
    scored. A text of several candidates has the mean of their rewards.

    `answers`: one row per pair and person who did not skip it, their last answer, in the order of time: pair (of the index),
    person (their name), answer ('first', 'second', 'both good', 'both bad'), left ('first' or 'second'), drawn, at.
    """

    pairs: pd.DataFrame
    differences: pd.DataFrame
    answers: pd.DataFrame


def answered(dataset: Dataset, answers: Sequence[Answer]) -> Answered:
    """The answers whose prompt and both texts are in this dataset. A prompt that is there twice counts once. Reads all texts
    the first time."""
    of_pair = by_pair(answers)
    texts = _texts(dataset, [(pair.prompt, key) for pair in of_pair for key in (pair.first, pair.second)])
    votes = [preferred(one.answer for one in its_answers) for its_answers in of_pair.values()]
    asked = pd.DataFrame([*of_pair], columns=["prompt_key", "first_key", "second_key"]).assign(preferred=votes)
    asked["place"] = asked.index
    for side in SIDES:
        on = ["prompt_key", f"{side}_key"] + ["prompt_id"] * (side == "second")
        its_own = {name: f"{side}_{name}" for name in texts if name not in ("prompt_key", "prompt_id")}
        asked = asked.merge(texts.rename(columns=its_own), on=on)
    there = asked.sort_values(["prompt_id", "place"]).drop_duplicates("place").reset_index(drop=True)
    pairs = there.rename(columns={"first_choice": "first", "second_choice": "second"})[PAIRS]
    differences = pd.DataFrame(
        {
            scorer: there[f"first_reward:{scorer}"] - there[f"second_reward:{scorer}"]
            for scorer in dataset.contents.scorers
        }
    )
    said = [*of_pair.values()]
    listed = [
        (number, f"{one.person}", one.answer, one.left, one.drawn, one.at)
        for number, place in enumerate(there["place"])
        for one in said[place]
    ]
    in_time = pd.DataFrame(listed, columns=ANSWERS).sort_values("at", kind="stable", ignore_index=True)
    return Answered(pairs, differences, in_time)


def _texts(dataset: Dataset, keys: list[tuple[str, str]]) -> pd.DataFrame:
    """One row per text and prompt that it is of: prompt_key, key, prompt_id, choice (its first place), chars, model, and
    `reward:scorer` for each: the mean of the candidates with it, or the one reward that all have, so that ties stay ties."""
    places = text_places(dataset, keys).rename(columns={"response_key": "key"})
    known = read(dataset, "questions/judged_texts", ids=places["prompt_id"].tolist(), choices=places["choice"].tolist())
    of_text = ["prompt_key", "key", "prompt_id"]
    texts = (
        places.assign(chars=known["chars"], model=known["model"])
        .groupby(of_text, sort=False)
        .agg(
            choice=("choice", "first"), chars=("chars", "first"), model=("model", "first"), models=("model", "nunique")
        )
    )
    texts["model"] = texts["model"].where(texts.pop("models") == 1)
    candidates = places.dropna(subset="candidate").reset_index(drop=True)
    scored = read(
        dataset,
        "questions/judged_rewards",
        ids=candidates["prompt_id"].tolist(),
        candidates=candidates["candidate"].astype(int).tolist(),
    ).join(candidates[of_text], on="place")
    each = scored.groupby([*of_text, "scorer"])["reward"].agg(["min", "max", "mean"])
    rewards = each["mean"].where(each["min"] < each["max"], each["min"]).unstack("scorer")
    rewards = rewards.reindex(columns=list(dataset.contents.scorers)).add_prefix("reward:")
    return texts.join(rewards).reset_index()
