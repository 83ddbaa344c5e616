"""The same reward model's published scores of RewardBench's pair, where the server has them: beside the candidates only."""

from pathlib import Path

import streamlit as st

from data_access.errors import DataError
from data_access.opening.hub.single_file import local_file
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.prompt import Prompt
from data_access.questions.published_scores import Published, published
from pages.components.feedback.notices import problem
from pages.components.state.results import cached
from pages.components.state.session import View, settings
from pages.components.text.texts import inline


def published_scores(open_now: View) -> Published | None:
    """Those of the open dataset's pairs, kept; None where the server has none, or, with a word on the page, a wrong file."""
    address = settings().rewardbench_scores
    if not address:
        return None
    dataset, scorer = open_now.dataset, open_now.scorer
    try:
        written = Path(address).stat().st_mtime_ns if Path(address).exists() else 0
        with st.spinner("Looking for the pairs among the published scores.", show_time=True):
            asked = ("published", address, written, scorer)
            return cached(dataset, *asked, compute=lambda: published(dataset, scorer, local_file(address)))
    except DataError as error:
        problem("Published scores cannot be shown.", str(error))
        return None


def published_score(found: Published | None, prompt: Prompt, side: str = "", candidate: int | None = None) -> str:
    """In a phrase: the published score of a side of the prompt's pair, or of a candidate with that very text; '' without."""
    if not found:
        return ""
    sides = [side, *(pair.side for pair in prompt.pair if pair.match == "exact" and candidate in pair.candidates)]
    keys = [(int(prompt.row["prompt_id"]), each) for each in sides]
    score = next((found.scores[key] for key in keys if key in found.scores), None)
    if score is None:
        return ""
    several = f" to {score.high:.2f}" if score.high > score.low else ""
    return f"published score {score.low:.2f}{several}, another run{'' if score.is_exact else ', normalised match'}"


def calibration(open_now: View, found: Published | None) -> None:
    """Whose scores these are, and how far they are from the rewards where both are known."""
    if not found:
        return
    far = (
        "No pair text is, character by character, that of a scored candidate, so how far these scores are from the rewards "
        "here is not known: do not compare them."
    )
    if found.mean_difference is not None and found.mean_absolute_difference is not None:
        far = (
            f"On the {things(found.n, 'pair text')} with, character by character, the text of a scored candidate, "
            f"published score − reward has the mean {found.mean_difference:+.2f}, and without sign "
            f"{found.mean_absolute_difference:.2f}: read no difference smaller than that."
        )
    if open_now.scorer == ENSEMBLE:
        far = (
            "A mean percentile is no reward of that model: choose its scorer to see how far its rewards are from these."
        )
    whose = (
        f"Published scores: by {found.model} on RewardBench, meant for the same reward model, but from another run; in no "
        f"reward, rank or statistic here. Found for {things(len(found.scores), 'pair text')}."
    )
    inline([f"{whose} {far}"], muted=True, limit=700)
