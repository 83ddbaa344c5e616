"""A reward model's published scores of RewardBench's pairs: another run, beside the candidates, never among their rewards.

The file is one of `eval-set-scores/` in the dataset allenai/reward-bench-results: lists of equal length under text_chosen,
text_rejected (the conversation as the model read it: a text in its chat template, or messages), scores_chosen,
scores_rejected, subset; and the model's name. Joined on text: a prompt and one of its pair's texts, normalised.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.errors import SourceError
from data_access.frames import records

FIELDS = ("text_chosen", "text_rejected", "scores_chosen", "scores_rejected")


class Score(NamedTuple):
    """Of one text: the lowest and the highest published score, equal where it was published once."""

    low: float
    high: float
    is_exact: bool


class Published(NamedTuple):
    """`scores`: (prompt_id, 'chosen' or 'rejected') -> Score. Of the `n` texts that are, character by character, those of
    scored candidates: the `mean_difference` and `mean_absolute_difference` of published score − reward, None without any."""

    model: str
    scores: dict[tuple[int, str], Score]
    n: int
    mean_difference: float | None
    mean_absolute_difference: float | None


def published(dataset: Dataset, scorer: str, file: Path) -> Published:
    """The published scores of a dataset's pairs, held against this scorer's rewards. SourceError for a file of another form."""
    model, texts = _texts_in(file)
    rows = read(
        dataset,
        "questions/published_matches",
        scorer=scorer,
        texts=texts["text"].tolist(),
        scores=texts["score"].tolist(),
        subsets=texts["subset"].tolist(),
    )
    scores = {
        (int(row["prompt_id"]), str(row["side"])): Score(row["low"], row["high"], row["is_exact"])
        for row in records(rows)
    }
    same = rows[rows["is_exact"] & rows["reward"].notna()]
    difference = (same["low"] + same["high"]) / 2 - same["reward"]
    n = len(same)
    means = (float(difference.mean()), float(difference.abs().mean())) if n else (None, None)
    return Published(model, scores, n, *means)


def _texts_in(file: Path) -> tuple[str, pd.DataFrame]:
    """The model's name, and one row per scored text: text, score, subset."""
    try:
        held: Any = json.loads(file.read_text(encoding="utf-8", errors="replace"))
        columns = {name: list(held[name]) for name in FIELDS}
        subsets = list(held.get("subset", [None] * len(columns["text_chosen"])))
        if any(len(values) != len(subsets) for values in columns.values()):
            raise ValueError("its lists differ in length")
        rows = [
            (_text(text), _number(score), None if subset is None else str(subset))
            for side in ("chosen", "rejected")
            for text, score, subset in zip(columns[f"text_{side}"], columns[f"scores_{side}"], subsets, strict=True)
        ]
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise SourceError(
            f"{file} does not hold published scores ({type(error).__name__}: {error}). REWARDSCOPE_REWARDBENCH_SCORES needs a "
            f"JSON file of allenai/reward-bench-results, eval-set-scores/, with lists {', '.join(FIELDS)}."
        ) from error
    texts = pd.DataFrame(rows, columns=["text", "score", "subset"]).astype({"text": object, "subset": object})
    return str(held.get("model", "a model that the file does not name")), texts.dropna(subset="score")


def _text(conversation: Any) -> str:
    """A conversation as one text, whether formatted already or a list of messages."""
    if isinstance(conversation, str):
        return conversation.encode(errors="replace").decode()
    return _text("\n".join(f"{message['role']}\n{message['content']}" for message in conversation))


def _number(score: Any) -> float | None:
    """A score, which some models give as a list of one."""
    while isinstance(score, list) and len(score) == 1:
        score = score[0]
    return None if score is None else float(score)
