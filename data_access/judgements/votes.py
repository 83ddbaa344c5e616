"""What people say of a pair of texts together: of each person their last answer, and what most of them prefer."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from data_access.judgements.answers import Answer

SKIP = "skip"
TIES = ("both good", "both bad")


class Pair(NamedTuple):
    """The text_keys of a prompt and of two responses to it, first the smaller of the two."""

    prompt: str
    first: str
    second: str


def by_pair(answers: Iterable[Answer]) -> dict[Pair, list[Answer]]:
    """Each pair with one answer a person, in the order of time: their last one, in whatever set. A skip is no answer."""
    last: dict[tuple[object, ...], Answer] = {}
    for answer in sorted(answers, key=lambda one: one.at):
        if answer.answer != SKIP:
            pair = Pair(answer.prompt, answer.first, answer.second)
            last.pop((pair, answer.person), None)
            last[pair, answer.person] = answer
    found: dict[Pair, list[Answer]] = {}
    for answer in last.values():
        found.setdefault(Pair(answer.prompt, answer.first, answer.second), []).append(answer)
    return found


def preferred(said: Iterable[str]) -> str:
    """'first' or 'second' where more people say so than say the other, and than say that both are good or bad; else ''."""
    counts = Counter("tie" if one in TIES else one for one in said)
    ranked = [*counts.most_common(2), ("", 0), ("", 0)]
    (most, n), (_, next_most) = ranked[:2]
    return most if most != "tie" and n > next_most else ""
