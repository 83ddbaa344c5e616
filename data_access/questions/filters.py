"""A filter on prompts is a value: what to keep, in what order; read from and written to a link, and told in words."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from data_access.derived.attributes import BY_KEY
from data_access.derived.changes import CHANGES
from data_access.questions import flags
from data_access.rewardbench import SECTION_OF

Parameters = Mapping[str, list[str]]

WHERE = {"both": "prompt or responses", "prompt": "prompt", "responses": "responses"}
FLAGS = {flag.key: flag.label for flag in flags.FLAGS}
JUDGED = {"any": "has a judgement", "star": "has a star", "note": "has a note"}
TWINS = {"any": "any small change"} | {kind.key: kind.label for kind in CHANGES}
SORTS = {
    "id": "order in the source",
    "spread": "spread",
    "gap": "gap to second",
    "lead": "best above mean",
    "texts": "different texts",
    "scored": "scored candidates",
    "length": "reward–length correlation",
    "attribute": "reward–attribute correlation",
}
RANGES = {
    "spread": "spread (sd)",
    "best": "best reward",
    "gap": "gap to second",
    "texts": "different texts",
    "lead": "best above mean",
    "length": "reward–length correlation",
}


class Range(NamedTuple):
    """Numbers from low to high, both included; None is open."""

    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        return "..".join("" if end is None else repr(float(end)).removesuffix(".0") for end in self)

    @classmethod
    def parsed(cls, text: str) -> "Range":
        """'0.5..2', '0.5..' or '..2' as a range; ValueError for anything else."""
        low, dots, high = text.partition("..")
        found = cls(float(low) if low.strip() else None, float(high) if high.strip() else None)
        ends = [end for end in found if end is not None]
        if not dots or not ends or not all(map(math.isfinite, ends)) or ends != sorted(ends):
            raise ValueError(text)
        return found

    @classmethod
    def brushed(cls, low: float, high: float) -> "Range":
        """A range drawn on a chart, in as many decimals as its width of three digits needs."""
        decimals = max(0, 2 - math.floor(math.log10(max(high - low, 1e-12))))
        return cls(round(low, decimals) + 0.0, round(high, decimals) + 0.0)

    def is_about(self, other: "Range") -> bool:
        """Whether both ends are where the other's are, except for a hundredth of its width: a chart gives back a range
        that it was given with other last digits."""
        if None in self or None in other:
            return self == other
        low, high = cast(tuple[float, float], self)
        other_low, other_high = cast(tuple[float, float], other)
        return max(abs(low - other_low), abs(high - other_high)) <= 0.01 * (other_high - other_low)


EVERY = Range()


@dataclass(frozen=True)
class PromptFilter:
    """Which prompts, in which order. Several values of one field widen it; several fields narrow it.

    `model` keeps prompts where one of these source models has a candidate; `won` and `lost` those where this one has the
    best or the worst reward, or shares it; `beat` those where the first does better than the second, over all pairs of
    their candidates; `attribute` those whose scored candidates differ in it; `twin` those with two
    scored candidates of nearly the same text, between which this is the change, a key of TWINS; `judged` those of which, or of
    a response to which, somebody says this, a key of JUDGED, and `tag` one of these tags. `sort` is a key of SORTS.
    """

    text: str = ""
    where: str = "both"
    regex: bool = False
    section: tuple[str, ...] = ()
    subset: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    spread: Range = EVERY
    best: Range = EVERY
    gap: Range = EVERY
    texts: Range = EVERY
    lead: Range = EVERY
    length: Range = EVERY
    won: str = ""
    lost: str = ""
    beat: tuple[str, str] | None = None
    attribute: str = ""
    twin: str = ""
    judged: str = ""
    tag: tuple[str, ...] = ()
    sort: str = "id"
    descending: bool = False

    @property
    def is_searching(self) -> bool:
        return bool(self.text.strip())

    @property
    def asks_people(self) -> bool:
        return bool(self.judged or self.tag)


class Choices(NamedTuple):
    """The values that a dataset offers for section, subset and source model, and people for tags."""

    section: tuple[str, ...]
    subset: tuple[str, ...]
    model: tuple[str, ...]
    tag: tuple[str, ...] = ()


def subsets_offered(choices: Choices, chosen: PromptFilter) -> tuple[str, ...]:
    """The subsets of the sections chosen, or all where none is; those that are chosen stay."""
    if not chosen.section:
        return choices.subset
    return tuple(name for name in choices.subset if SECTION_OF.get(name) in chosen.section or name in chosen.subset)


PARAMETERS = (
    "q", "in", "as", "section", "subset", "model", "flag", *RANGES, "won", "lost", "beat", "over", "attribute", "twin",
    "judged", "tag", "sort",
)  # fmt: skip


def from_parameters(parameters: Parameters, choices: Choices) -> tuple[PromptFilter, list[str]]:
    """The filter that a link asks for, and a sentence for each value that was not understood and is left out."""
    complaints: list[str] = []

    def known(name: str, values: Iterable[str]) -> tuple[str, ...]:
        asked, allowed = parameters.get(name, []), set(values)
        complaints.extend(
            f"There is no {name} {value!r} here; it was left out." for value in asked if value not in allowed
        )
        return tuple(dict.fromkeys(value for value in asked if value in allowed))

    def one(name: str, values: Iterable[str], default: str) -> str:
        return (*known(name, values), default)[0]

    ranges = {}
    for name, label in RANGES.items():
        if asked := "".join(parameters.get(name, [])[:1]):
            try:
                ranges[name] = Range.parsed(asked)
            except ValueError:
                complaints.append(f"{asked!r} is not a range for {label} (such as 0.5..2); it was left out.")
    beat, over = one("beat", choices.model, ""), one("over", choices.model, "")
    if bool(beat) != bool(over):
        complaints.append("A link with 'beat' names two source models, 'beat' and 'over'; it was left out.")
    attribute = one("attribute", BY_KEY, "")
    sort = one("sort", [sign + key for key in SORTS for sign in ("", "-")], "id")
    if sort.removeprefix("-") == "attribute" and not attribute:
        complaints.append("A link that sorts by an attribute names one, as attribute=bold; it was left out.")
        sort = "id"
    asked_for = PromptFilter(
        text="".join(parameters.get("q", [])[:1]),
        where=one("in", WHERE, "both"),
        regex=one("as", ("words", "regex"), "words") == "regex",
        section=known("section", choices.section),
        subset=known("subset", choices.subset),
        model=known("model", choices.model),
        flag=known("flag", FLAGS),
        won=one("won", choices.model, ""),
        lost=one("lost", choices.model, ""),
        beat=(beat, over) if beat and over else None,
        attribute=attribute,
        twin=one("twin", TWINS, ""),
        judged=one("judged", JUDGED, ""),
        tag=known("tag", choices.tag),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        **ranges,
    )
    return asked_for, complaints


def to_parameters(chosen: PromptFilter) -> dict[str, list[str]]:
    """The filter as a link's parameters; what is as it would be without a filter is left out."""
    sort = ("-" if chosen.descending else "") + chosen.sort
    found = {
        "q": [chosen.text] if chosen.is_searching else [],
        "in": [chosen.where] if chosen.is_searching and chosen.where != "both" else [],
        "as": ["regex"] if chosen.is_searching and chosen.regex else [],
        "section": list(chosen.section),
        "subset": list(chosen.subset),
        "model": list(chosen.model),
        "flag": list(chosen.flag),
        "won": [chosen.won] if chosen.won else [],
        "lost": [chosen.lost] if chosen.lost else [],
        "beat": [chosen.beat[0]] if chosen.beat else [],
        "over": [chosen.beat[1]] if chosen.beat else [],
        "attribute": [chosen.attribute] if chosen.attribute else [],
        "twin": [chosen.twin] if chosen.twin else [],
        "judged": [chosen.judged] if chosen.judged else [],
        "tag": list(chosen.tag),
        "sort": [sort] if sort != "id" else [],
    }
    found |= {name: [str(getattr(chosen, name))] for name in RANGES if getattr(chosen, name) != EVERY}
    return {name: values for name, values in found.items() if values}


def described(chosen: PromptFilter) -> dict[str, str]:  # noqa: PLR0912  a field after the other
    """What the filter keeps, one phrase for each field that narrows: field name -> phrase."""
    said: dict[str, str] = {}
    if chosen.is_searching:
        kind = "matches" if chosen.regex else "contains"
        said["text"] = f"{WHERE[chosen.where]} {kind} “{chosen.text.strip()}”"
    for name in ("section", "subset", "model"):
        if values := getattr(chosen, name):
            said[name] = f"{'source model' if name == 'model' else name}: {' or '.join(values)}"
    if chosen.flag:
        said["flag"] = " and ".join(FLAGS[flag] for flag in chosen.flag)
    for name, label in RANGES.items():
        low, high = getattr(chosen, name)
        ends = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
        if any(ends):
            said[name] = f"{label} {' and '.join(end for end in ends if end)}"
    if chosen.won:
        said["won"] = f"{chosen.won} has the best reward"
    if chosen.lost:
        said["lost"] = f"{chosen.lost} has the worst reward"
    if chosen.beat:
        said["beat"] = f"{chosen.beat[0]} did better than {chosen.beat[1]}"
    if chosen.attribute:
        said["attribute"] = f"candidates differ in {BY_KEY[chosen.attribute].label}"
    if chosen.twin:
        said["twin"] = f"has twins: {TWINS[chosen.twin]}"
    if chosen.judged:
        said["judged"] = JUDGED[chosen.judged]
    if chosen.tag:
        said["tag"] = f"tag: {' or '.join(chosen.tag)}"
    return said


def without(chosen: PromptFilter, field: str) -> PromptFilter:
    """The filter with one field as it would be without a filter; the order that needs an attribute goes with it."""
    if field == "attribute" and chosen.sort == "attribute":
        chosen = replace(chosen, sort="id", descending=False)
    return replace(chosen, **{field: getattr(PromptFilter(), field)})
