"""A report names views of the app, in an order, with a sentence of somebody's to each: a value that a JSON file holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from data_access.dataset import Dataset
from data_access.errors import DataError
from data_access.json_text import parse_json
from data_access.judgements.text_keys import text_key
from data_access.opening.hub.names import PREFIX
from data_access.plain_text import visible
from data_access.plurals import things

FORMAT = 1
MOST_PARTS = 50
SENTENCE, TITLE = 2_000, 200  # characters
FILE = 1_000_000  # characters of a JSON file
NAMES, VALUES, VALUE = 60, 60, 5_000  # parameters of a part, values of each, and characters of one
UNTITLED = "Findings"

Parameters = Mapping[str, tuple[str, ...]]


class ReportError(DataError):
    """A report's file has something in it that is not a report's."""


@dataclass(frozen=True)
class State:
    """The dataset at the time when parts were added: by what it is opened, its revision on the hub ('' elsewhere), its
    fingerprint, and how much is in it."""

    address: str
    revision: str = ""
    fingerprint: str = ""
    prompts: int = 0
    candidates: int = 0

    @classmethod
    def of(cls, dataset: Dataset) -> "State":
        """That of an open dataset."""
        on_hub = dataset.provenance.startswith(PREFIX)
        contents = dataset.contents
        return cls(
            dataset.provenance if on_hub and dataset.name.startswith(PREFIX) else dataset.name,
            dataset.provenance if on_hub else "",
            dataset.fingerprint,
            contents.prompts,
            contents.candidates,
        )

    def size(self) -> str:
        """How much was in it."""
        return f"{things(self.prompts, 'prompt')} and {things(self.candidates, 'candidate')}"


@dataclass(frozen=True)
class Part:
    """A view: the page, named as in a link, and the link's parameters, with the scorer and whatever else the page shows by.
    `sentence` is somebody's own; `added_at` a time in ISO form; `text_key` that of the prompt's text (`key_of`), where the part
    is of one prompt, so that it is found again where the numbers have changed."""

    page: str
    parameters: Parameters = field(default_factory=dict)
    sentence: str = ""
    added_at: str = ""
    text_key: str = ""

    def value(self, name: str) -> str:
        """The first value of a parameter, or ''."""
        return "".join(self.parameters.get(name, ())[:1])


@dataclass(frozen=True)
class Report:
    """Parts in their order, of one dataset. `base` is the address of the app that they were added in, or ''."""

    dataset: State
    title: str = UNTITLED
    parts: tuple[Part, ...] = ()
    base: str = ""

    def with_part(self, part: Part) -> "Report":
        """With one more at the end. ReportError where there are MOST_PARTS already."""
        if len(self.parts) >= MOST_PARTS:
            raise ReportError(f"A report has at most {MOST_PARTS} parts. Remove one first.")
        return replace(self, parts=(*self.parts, part))

    def without(self, place: int) -> "Report":
        """Without the part at this place, from 0."""
        return replace(self, parts=self.parts[:place] + self.parts[place + 1 :])

    def moved(self, place: int, by: int) -> "Report":
        """With this part so many places later, or earlier where that is below 0; at most to the end or to the beginning."""
        others = self.without(place).parts
        to = min(max(place + by, 0), len(others))
        return replace(self, parts=(*others[:to], self.parts[place], *others[to:]))

    def with_sentence(self, place: int, sentence: str) -> "Report":
        """With somebody's words to the part at this place."""
        said = replace(self.parts[place], sentence=visible(sentence)[:SENTENCE])
        return replace(self, parts=(*self.parts[:place], said, *self.parts[place + 1 :]))

    def with_title(self, title: str) -> "Report":
        """Under another title; without one UNTITLED."""
        return replace(self, title=" ".join(visible(title).split())[:TITLE] or UNTITLED)

    def link(self, part: Part) -> str:
        """The way back to a part's view: a whole address where the app's is known, else what follows it."""
        asked = {"data": (self.dataset.address,), **part.parameters}
        return f"{self.base}/{part.page if part.page != 'overview' else ''}?{urlencode(asked, doseq=True)}"


def key_of(text: object) -> str:
    """A prompt's text in 32 letters and digits; '' without a text."""
    return text_key(text)[:32] if isinstance(text, str) else ""


def base_of(address: str) -> str:
    """What is before the page in an address of the app; '' for anything but http and https."""
    try:
        found = urlsplit(address)
    except ValueError:
        return ""
    if found.scheme not in ("http", "https") or not found.netloc or "@" in found.netloc:
        return ""
    return f"{found.scheme}://{found.netloc}{found.path}".rstrip("/")


def to_json(report: Report) -> str:
    """The report as a JSON file."""
    return json.dumps({"rewardscope_report": FORMAT} | asdict(report), indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Report:
    """The report of a JSON file. ReportError names what is missing, unknown, too much, or cannot be understood."""
    if len(text) > FILE:
        raise ReportError(f"The report has {len(text):,} characters; at most {FILE:,} are read.")
    try:
        values = parse_json(text)
    except ValueError as error:
        raise ReportError(f"The report is not JSON: {error}.") from error
    if not isinstance(values, dict) or values.pop("rewardscope_report", None) != FORMAT:
        raise ReportError(
            f"The report must be a JSON object with rewardscope_report: {FORMAT}, as the Report page saves it."
        )
    _only(values, Report, "a report")
    dataset = values.get("dataset")
    if not isinstance(dataset, dict) or not isinstance(dataset.get("address"), str):
        raise ReportError("The report's dataset must be an object with at least the text address.")
    _only(dataset, State, "the report's dataset")
    address, revision, fingerprint = (_text(dataset, name, VALUE) for name in ("address", "revision", "fingerprint"))
    state = State(address, revision, fingerprint, _whole(dataset, "prompts"), _whole(dataset, "candidates"))
    parts = values.get("parts", [])
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise ReportError(f"The report's parts must be a list of at most {MOST_PARTS}.")
    base = _text(values, "base", VALUE)
    return Report(
        state,
        parts=tuple(_part(part, number) for number, part in enumerate(parts, start=1)),
        base=base_of(base),
    ).with_title(_text(values, "title", VALUE))


def _part(values: Any, number: int) -> Part:
    if not isinstance(values, dict) or not isinstance(values.get("page"), str):
        raise ReportError(f"Part {number} must be an object with at least the text page.")
    _only(values, Part, f"part {number}")
    asked = values.get("parameters", {})
    if not isinstance(asked, dict) or len(asked) > NAMES:
        raise ReportError(f"Part {number}: parameters must be an object of at most {NAMES} lists of texts.")
    for name, listed in asked.items():
        is_list = isinstance(listed, list) and len(listed) <= VALUES
        if not is_list or not all(isinstance(one, str) and len(one) <= VALUE for one in (name, *listed)):
            raise ReportError(
                f"Part {number}: {name[:80]!r} must be a list of at most {VALUES} texts of at most {VALUE:,} characters."
            )
    words = {name: _text(values, name, most) for name, most in (("page", 40), ("added_at", 40), ("text_key", 64))}
    sentence = visible(_text(values, "sentence", VALUE))[:SENTENCE]
    parameters = {visible(name): tuple(visible(one) for one in listed) for name, listed in asked.items()}
    return Part(parameters=parameters, sentence=sentence, **words)


def _only(values: dict[str, Any], kind: type, what: str) -> None:
    names = [one.name for one in fields(kind)]
    if foreign := sorted(set(values) - set(names)):
        raise ReportError(f"{foreign[0][:80]!r} is not a field of {what}. The fields are {', '.join(names)}.")


def _text(values: dict[str, Any], name: str, most: int) -> str:
    value = values.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise ReportError(f"{name} must be a text of at most {most:,} characters.")
    return visible(value)


def _whole(values: dict[str, Any], name: str) -> int:
    value = values.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**12:
        raise ReportError(f"{name} must be a whole number from 0.")
    return value
