"""What a link asks for, checked against what is there; each unknown value adds a sentence to `unknown`."""

from collections.abc import Sequence

from data_access.prompt import Prompt, prompt
from pages.components import links
from pages.components.opened import Opened


def prompt_asked_for(opened: Opened, fallback: int, unknown: list[str]) -> Prompt:
    """The prompt of the link's `id`, else the one numbered `fallback`, which must be there."""
    asked = links.parameter("id")
    number = links.number("id")
    found = prompt(opened.dataset, opened.scorer, number) if number is not None else None
    if asked and found is None:
        total = opened.dataset.contents.prompts
        unknown.append(f"There is no prompt {asked!r} here (1 to {total:,}); prompt {fallback} is shown.")
    found = found or prompt(opened.dataset, opened.scorer, fallback)
    assert found is not None
    return found


def option_asked_for(name: str, options: Sequence[str], unknown: list[str]) -> str:
    """The link's value of a parameter, else the first option."""
    asked = links.parameter(name)
    if asked and asked not in options:
        unknown.append(f"There is no {name} {asked!r} here; {options[0]} is shown.")
    return asked if asked in options else options[0]
