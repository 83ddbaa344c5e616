"""What lies beside exported rows: where they are from, how they were chosen, how many, and what to beware of."""

import json
from typing import Any

from data_access.dataset import Dataset
from data_access.derived.attributes import BY_KEY
from data_access.opening.hub.names import PREFIX
from data_access.plurals import things, verb
from data_access.preparing.joining import ENSEMBLE
from data_access.rewardbench import SECTION_OF
from data_access.training_data.formats import FORMATS, TEMPLATED
from data_access.training_data.measured import columns
from data_access.training_data.reasons import REASONS
from data_access.training_data.recipes import Recipe, to_json
from data_access.training_data.rows import Selection
from data_access.training_data.strategies import STRATEGIES, TABLES

SIDECAR = "rewardscope.json"
# What is known of the texts in a numbered column of the source, by what it is called.
TEXTS_SAID = {
    TEMPLATED: "The texts carry a chat template already: the trainer must not apply one again, nor its tokenizer put a second "
    "start token before them.",
    "prompt_response": "The texts are prompt and response joined, and no marker is known of where the assistant begins: the "
    "trainer must not apply a chat template, and cannot leave the prompt out of the loss.",
}
TEXTS_UNKNOWN = (
    "The texts are as the dataset's own column has them. If they carry a chat template already, the trainer must not apply one "
    "again, nor its tokenizer put a second start token before them: look at the first rows."
)
LONGER = 1.2  # chosen longer than rejected by this, in the median, is worth a warning


def warnings(recipe: Recipe, taken: Selection) -> list[str]:
    """Sentences on what a trainer should know before using these rows."""
    kept = taken.kept
    said = []
    strategy = STRATEGIES[recipe.strategy]
    if recipe.scorer == ENSEMBLE and not strategy.by_people:
        said.append("Rewards and margins are mean percentiles by several scorers, from 0 to 100: they are not logits.")
    prompts, in_benchmark = (
        int(rows["prompt_id"].nunique()) for rows in (kept, kept[kept["subset"].isin(list(SECTION_OF))])
    )
    if in_benchmark:
        said.append(
            f"{in_benchmark:,} of {things(prompts, 'prompt')} {verb(in_benchmark, 'is', 'are')} RewardBench's: evaluation "
            "data. A model trained on them cannot be measured on RewardBench any more."
        )
    if recipe.kind == "pairs" and len(kept):
        ratio = float((kept["chars"] / kept["chars_second"].astype(float)).median())
        longer = float((kept["chars"] > kept["chars_second"]).mean())
        if ratio >= LONGER:
            said.append(
                f"Chosen is {ratio:.1f} times as long as rejected in the median, and longer in {longer:.0%} of the pairs: "
                "a model trained on them learns to write more. Bound the length ratio, or penalise length."
            )
    if (lost := taken.dropped.get("balance", 0)) > len(kept):
        said.append(
            f"Balancing on {BY_KEY[recipe.balance].label} drops {lost:,} of {things(lost + len(kept), 'pair')}, more than "
            "half: chosen and rejected differ in it mostly one way. Another strategy may drop fewer."
        )
    if alike := taken.one_answer:
        is_theirs = (kept["model"] == alike.model) & (kept["first"] > 0)
        taken_for_good = is_theirs & (kept["label"].eq(True) if recipe.kind == "labels" else True)
        if often := int(taken_for_good.sum()):
            done = "labelled good" if recipe.kind == "labels" else "chosen"
            said.append(
                f"{alike.model}, which gives one and the same text to {alike.prompts:,} of {things(alike.total, 'prompt')}, is "
                f"{done} in {often:,} of {things(len(kept), 'row')}: a text that fits any prompt answers none, and a model "
                "trained on these rows learns to give it. Bound the rows per source model."
            )
    if strategy.benchmark_side:
        said.append("One side of each pair is RewardBench's text, and no reward is used for it: there is no margin.")
    if FORMATS[recipe.format].takes_column:
        said.append(TEXTS_SAID.get(recipe.text_column, TEXTS_UNKNOWN))
    return said


def sidecar(dataset: Dataset, recipe: Recipe, taken: Selection) -> dict[str, Any]:
    """What lies beside the rows: where they are from, how they were chosen, how many, and what to beware of."""
    kept = taken.kept
    attributes = columns(recipe)
    return {
        "dataset": dataset.name,
        "revision": dataset.provenance if dataset.provenance.startswith(PREFIX) else None,
        "fingerprint": dataset.fingerprint,
        "files": [file.name for file in dataset.files],
        "layout": dataset.contents.layout,
        "notices": list(dataset.notices),
        "scorer": recipe.scorer,
        "recipe": json.loads(to_json(recipe)),
        "strategy": STRATEGIES[recipe.strategy].does,
        "format": FORMATS[recipe.format].reads,
        "counts": {
            "prompts": taken.prompts,
            "prompts_with_rows": int(kept["prompt_id"].nunique()),
            "candidates": taken.candidates,
            "texts_with_mean_reward": taken.averaged,
            "rows": len(kept),
            "train": int((~kept["is_validation"]).sum()),
            "validation": int(kept["is_validation"].sum()),
        },
        "left_out": {REASONS[name].several: n for name, n in (taken.left_out | taken.dropped).items()},
        **_judged_by(taken),
        "warnings": warnings(recipe, taken),
        "rewards": _rewards(recipe, taken),
        "texts": _texts(recipe),
        **({"columns": {name: one.tells for name, one in attributes.items()}} if attributes else {}),
    }


def _judged_by(taken: Selection) -> dict[str, Any]:
    """Whose answers the pairs are chosen by, and from when to when, in UTC; nothing where no people chose."""
    if not (by := taken.judged_by):
        return {}
    people = [{"name": person.name, "signed_in": person.signed_in} for person in by.people]
    return {"judged_by": {"people": people, "answers": by.answers, "from": by.first, "to": by.last}}


def _rewards(recipe: Recipe, taken: Selection) -> str:
    """What is done where candidates of a prompt have the same text, and for how many texts."""
    if STRATEGIES[recipe.strategy].by_people:
        return "None is used: people chose."
    if recipe.kind in TABLES or recipe.repeats:
        return "Each candidate has its own, also where several have the same text."
    return (
        "Where several candidates of a prompt have the same text it is taken once, with the mean of their rewards: the best of "
        f"them would be the scorer's noise. {things(taken.averaged, 'text')} with unequal rewards "
        f"{verb(taken.averaged, 'was', 'were')} judged by the mean; a drawn one of the candidates stands for the text."
    )


def _texts(recipe: Recipe) -> str:
    """Which texts the rows have, and what their rewards are for."""
    if FORMATS[recipe.format].takes_column:
        return (
            f"Texts as they are in the source's columns {recipe.text_column}_ and the candidate's number, each with that "
            "candidate's response in it; the reward is this scorer's for that response."
        )
    as_they_are = "Responses as they are in the source, not formatted for a chat"
    if STRATEGIES[recipe.strategy].by_people:
        return f"{as_they_are}; where people have compared RewardBench's text, that one."
    return f"{as_they_are}; the reward is this scorer's for that text."
