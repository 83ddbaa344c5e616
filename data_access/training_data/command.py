"""The command that writes what the Export page gives, byte for byte.

`python -m data_access.training_data RECIPE.json OUT` writes the new folder OUT, or the new zip file OUT where its name ends
so. The dataset is the one of the recipe's name among those that REWARDSCOPE_DATA names.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from data_access.dataset import Dataset, open_dataset
from data_access.errors import DataError, SettingError, StorageError
from data_access.judgements.answers import Answer, answers
from data_access.judgements.judgements import Judgement, judgements, tags_in_use
from data_access.judgements.store import Store, open_store
from data_access.opening.addresses import configured_sources
from data_access.opening.hub.names import PREFIX
from data_access.opening.local_files import to_local_files
from data_access.questions import prompts
from data_access.settings import Settings
from data_access.training_data.export import ids_of, write
from data_access.training_data.recipes import Recipe, RecipeError, from_json
from data_access.training_data.rows import selection
from data_access.training_data.sidecar import sidecar
from data_access.training_data.strategies import STRATEGIES


def main(arguments: Sequence[str], name: str = "python -m data_access.training_data") -> int:
    """Run the command, by the name under which it was called; returns 2, with a sentence, where it cannot be done."""
    parser = argparse.ArgumentParser(prog=name, description="Write a recipe's training data.")
    parser.add_argument("recipe", type=Path, help="the recipe, as the page saves it (JSON)")
    parser.add_argument("out", type=Path, help="a new folder, or a new zip file where the name ends in .zip")
    parsed = parser.parse_args(arguments)
    try:
        if parsed.out.exists():
            raise StorageError(f"{parsed.out} is there already. Remove it, or name another.")
        dataset, recipe, said = _asked_for(parsed.recipe)
        taken = selection(
            dataset,
            recipe,
            ids_of(dataset, recipe, said),
            lambda done: _said(done, "Measuring the responses."),
            _answers(recipe),
        )
        write(dataset, recipe, taken, parsed.out, _said)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(sidecar(dataset, recipe, taken)["counts"]))
    return 0


def _asked_for(file: Path) -> tuple[Dataset, Recipe, list[Judgement]]:
    """The recipe of a file, its dataset, and what people say of texts, where the recipe's filter asks for that."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{file} cannot be read: {error}.") from error
    named = from_json(text).dataset.removeprefix(PREFIX)
    settings = Settings.from_environment(os.environ)
    sources = {source.name: source for source in configured_sources(settings)}
    if named not in sources:
        raise SettingError(
            f"The recipe is for the dataset {named!r}; REWARDSCOPE_DATA names {', '.join(sources)}. Let it name that one."
        )
    dataset = open_dataset(to_local_files(sources[named], settings, _said), settings.cache, _said, settings.prepared)
    asks_people = any(name in ("judged", "tag") for name in json.loads(text).get("filter", {}))
    said = judgements(_store("is of prompts that people judged")) if asks_people else []
    choices = prompts.choices(dataset, dataset.contents.scorers[0])._replace(tag=tags_in_use(said))
    recipe = from_json(text, choices, dataset.contents.numbered_texts)
    if recipe.scorer not in dataset.contents.scorers:
        raise RecipeError(f"The dataset has no scorer {recipe.scorer!r}; it has {', '.join(dataset.contents.scorers)}.")
    return dataset, recipe, said


def _answers(recipe: Recipe) -> list[Answer]:
    """People's answers, where the recipe's pairs are chosen by them."""
    if not STRATEGIES[recipe.strategy].by_people:
        return []
    return answers(_store("takes pairs that people chose"))


def _store(why: str) -> Store:
    """What people wrote, by the operator's setting; `why` the recipe needs it."""
    kept_in = Settings.from_environment(os.environ).judgements
    if not kept_in:
        raise SettingError(
            f"The recipe {why}, and REWARDSCOPE_JUDGEMENTS is off. Let it name where what people wrote is kept."
        )
    return open_store(kept_in)


def _said(done: float, doing: str) -> None:
    print(f"{done:4.0%} {doing}", file=sys.stderr)
