"""Statistics of the whole dataset, of a section, or of a subset."""

from typing import NamedTuple

from data_access.questions.filters import Choices

ALL = "all prompts"


class Scope(NamedTuple):
    """A section, or a subset, or neither for all prompts."""

    section: str | None = None
    subset: str | None = None

    def __str__(self) -> str:
        return next((f"{kind}:{name}" for kind, name in self._asdict().items() if name), ALL)


def scope_of(asked: str, choices: Choices, unknown: list[str]) -> Scope:
    """What a link says: 'section:Chat', 'subset:math-prm', or all prompts."""
    asked = asked or ALL
    if asked not in scopes(choices):
        unknown.append(f"There is no {asked!r} here; {ALL} are shown.")
        asked = ALL
    kind, _, name = asked.partition(":")
    return Scope(**{kind: name}) if name else Scope()


def scopes(choices: Choices) -> list[str]:
    """Everything that `scope_of` understands for these choices."""
    return [ALL, *(f"section:{name}" for name in choices.section), *(f"subset:{name}" for name in choices.subset)]
