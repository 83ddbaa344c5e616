"""What a part of a report asks an open dataset for, checked against what is there."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from data_access.database import read
from data_access.dataset import Dataset
from data_access.judgements.answers import Answer
from data_access.judgements.judgements import Judgement, tags_in_use
from data_access.plurals import things
from data_access.questions import prompts, search
from data_access.questions.filters import PARAMETERS, Choices, PromptFilter, described, from_parameters
from data_access.questions.prompt import Prompt, prompt
from data_access.questions.scope import Scope, scope_of
from data_access.report.reports import Part, key_of

Progress = Callable[[float, str], None]


NAMED = {"show": "view"}  # what people call a parameter


class People(NamedTuple):
    """What people wrote: judgements, which a filter may go by, and answers of blind comparisons."""

    said: Sequence[Judgement] = ()
    answers: Sequence[Answer] = ()


NOBODY = People()


class GoneError(Exception):
    """What the part is of is not in the dataset any more; the message says so."""


class Asked(NamedTuple):
    """The dataset, by which scorer, under which filter, and the part. `unknown` gathers a sentence for each value that is not
    known here, and for what is shown instead."""

    dataset: Dataset
    scorer: str
    choices: Choices
    filter: PromptFilter
    part: Part
    unknown: list[str]
    progress: Progress
    people: People = NOBODY

    def value(self, name: str) -> str:
        """The part's value of a parameter, or ''."""
        return self.part.value(name)

    def one_of(self, name: str, options: Sequence[str]) -> str:
        """The part's value of a parameter, else the first option."""
        value = self.value(name)
        if value and value not in options:
            self.unknown.append(
                f"There is no {NAMED.get(name, name)} {value!r} here; {options[0] or 'everything'} is shown."
            )
        return value if value in options else options[0]

    def scope(self) -> Scope:
        """All prompts, a section or a subset."""
        return scope_of(self.value("of"), self.choices, self.unknown)

    def prompt(self) -> Prompt:
        """The part's prompt: by its number if that still has the text, else by its text. GoneError where it is nowhere."""
        asked, key = self.value("id"), self.part.text_key
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 1
        if asked and str(number) != asked:
            self.unknown.append(f"There is no prompt {asked[:80]!r} here; prompt {number} is shown.")
        found = prompt(self.dataset, self.scorer, number)
        if found and (not key or key_of(found.row["prompt"]) == key):
            return found
        rows = read(self.dataset, "report/prompt_by_text", key=key)
        if rows.empty or not (again := prompt(self.dataset, self.scorer, int(rows["prompt_id"].iloc[0]))):
            raise GoneError(f"Prompt {number} is not in the dataset any more, so this part has nothing to show.")
        self.unknown.append(
            f"The prompt was number {number} when it was added, and is number {again.row['prompt_id']} now."
        )
        return again

    def doing(self, what: str) -> Callable[[float], None]:
        """Progress of one step, by its name."""
        return lambda done: self.progress(done, what)


def asked_of(
    dataset: Dataset,
    part: Part,
    known: Sequence[str],
    progress: Progress = lambda done, doing: None,
    people: People = NOBODY,
) -> Asked:
    """What the part asks this dataset, and `people`, for; `known` are the page's parameters besides scorer and filter."""
    unknown: list[str] = []
    names = dataset.contents.scorers
    scorer = part.value("scorer")
    if scorer not in names:
        if scorer:
            unknown.append(f"There is no scorer {scorer!r} here; {names[0]} is shown.")
        scorer = names[0]
    if foreign := sorted({*part.parameters} - {*known, *PARAMETERS, "scorer", "data"}):
        unknown.append(f"This page knows no {foreign[0][:80]!r}; it was left out.")
    choices = prompts.choices(dataset, scorer)._replace(tag=tags_in_use(people.said))
    # What a page calls by the name of a filter is its own.
    filtered = {name: [*values] for name, values in part.parameters.items() if name not in known}
    chosen, left_out = from_parameters(filtered, choices)
    return Asked(dataset, scorer, choices, chosen, part, unknown + left_out, progress, people)


def filter_said(asked: Asked) -> str:
    """The filter in words, with how many prompts pass it; '' without one."""
    phrases = described(asked.filter)
    if not phrases:
        return ""
    chosen, found = asked.filter, None
    if chosen.is_searching:
        found = search.found_prompts(
            asked.dataset, chosen.text, chosen.where, chosen.regex, asked.doing("Searching the texts.")
        )
    passing = prompts.matching_prompts(asked.dataset, asked.scorer, chosen, found, asked.people.said)
    return f"{'; '.join(phrases.values())} ({len(passing):,} of {things(asked.dataset.contents.prompts, 'prompt')})"
