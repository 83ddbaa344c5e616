"""Checks that read every text: texts that are the same when normalised, and scored texts that are not the response."""

import re
from collections.abc import Callable

from data_access import database
from data_access.database import read
from data_access.dataset import Dataset
from data_access.frames import records
from data_access.plurals import things, verb
from data_access.questions.checks import Check

FORMATTED = re.compile(r"(?:rformatted_)?prompt_response_(\d+)")
COLUMNS_AT_ONCE = 25
TEXTS_AT_ONCE = 25_000  # what is held in memory while they are compared

Progress = Callable[[float], None]


def normalised_duplicates(dataset: Dataset, progress: Progress) -> Check:
    """How many texts are another's except for Unicode's forms, white space and chat-template tokens. Reads all texts."""
    texts = prompts = 0
    for first, last in dataset.spans(TEXTS_AT_ONCE):
        progress((first - 1) / dataset.last_prompt)
        narrowed = dataset.narrowed(first, last)
        row = records(read(dataset, "questions/normalised_duplicates", narrowed=narrowed, first=first, last=last))[0]
        texts, prompts = texts + row["texts"], prompts + row["prompts"]
    return Check(
        "Do texts differ in white space only?",
        f"{things(texts, 'different text')}, in {things(prompts, 'prompt')}, {verb(texts, 'is', 'are')} the same as "
        "another once normalised (Unicode NFC, white space collapsed, chat-template tokens taken out).",
    )


def formatted_without_response(dataset: Dataset, progress: Progress) -> Check | None:
    """How many `prompt_response_i` and `rformatted_prompt_response_i` do not contain response i: there the reward is for
    another text. None where the source has no such columns. Reads the whole source, 25 columns at a time."""
    names = database.columns_of(dataset, "source")
    pairs = [(name, f"response_{match[1]}") for name in names if (match := FORMATTED.fullmatch(name))]
    pairs = [(whole, part) for whole, part in pairs if part in names]
    if not pairs:
        return None
    missing = total = 0
    for start in range(0, len(pairs), COLUMNS_AT_ONCE):
        progress(start / len(pairs))
        found = database.not_containing(dataset, "source", pairs[start : start + COLUMNS_AT_ONCE])
        missing, total = missing + found[0], total + found[1]
    contains = verb(missing, "does not contain its response", "do not contain their response")
    scored = verb(missing, "its reward is", "their rewards are")
    figure = f"{missing:,} of {things(total, 'formatted text')} {contains}"
    said = figure + ("." if not missing else f": {scored} for another text.")
    return Check("Is the scored text the response?", said)
