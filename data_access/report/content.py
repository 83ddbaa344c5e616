"""A report filled with what the dataset has now: its parts in blocks, each with what it is of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from data_access.dataset import Dataset
from data_access.derived.drawn import drawn, said_of
from data_access.errors import QueryError
from data_access.plain_text import one_line
from data_access.report.asked import NOBODY, Asked, GoneError, People, Progress, asked_of, filter_said
from data_access.report.blocks import Block
from data_access.report.parts import PAGES, Page
from data_access.report.reports import Part, Report, State
from data_access.version import VERSION

MOST_NOTICES = 10
# What of its page a part is where its link does not say; and what views are called.
FIRST_VIEW = {"rewards": "attributes", "checks": "reliability"}
VIEWS = {"form": "length and form", "scorers": "between scorers"}
OF_DRAWN = ("models", "rewards", "best_of_n", "checks")  # parts that compare very many candidates
CAVEAT = (
    "Rewards compare within a prompt only: what pools prompts uses the reward minus its prompt's mean, or the rank. A high "
    "reward is what this scorer prefers, not proof of quality. Intervals do not hold what the scorer itself gets wrong."
)


class PartContent(NamedTuple):
    """One part: its page's title and question; what it is of (name, value); somebody's sentence; the way back; `changes`, what
    is not as it was asked for; `what` of the page it is; and its blocks."""

    title: str
    question: str
    of: tuple[tuple[str, str], ...]
    sentence: str
    link: str
    changes: tuple[str, ...]
    what: str
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """What it is called among others: its page, and what of it."""
        if self.what.startswith(self.title.lower()):
            return self.what.capitalize()
        return f"{self.title}: {self.what}" if self.what else self.title


class Content(NamedTuple):
    """A report as it is written: `of` says what it is of (name, value), `changes` what is not as it was when parts were
    added, `notices` what is odd about the data."""

    title: str
    of: tuple[tuple[str, str], ...]
    changes: tuple[str, ...]
    notices: tuple[str, ...]
    parts: tuple[PartContent, ...]


def filled(
    dataset: Dataset,
    report: Report,
    progress: Progress = lambda done, doing: None,
    now: datetime | None = None,
    people: People = NOBODY,
) -> Content:
    """The report's parts as the dataset has them now, and as `people` have judged. A part that no longer fits is there with a
    sentence that says why.

    `now` is the time to write, else the present. Raises DataError where the dataset cannot be read.
    """
    made = []
    for number, part in enumerate(report.parts):
        done = number / len(report.parts)
        named = PAGES[part.page].title if part.page in PAGES else "?"
        doing = f"Part {number + 1} of {len(report.parts)}: {named}."
        progress(done, doing)
        made.append(part_content(dataset, report, part, _within(progress, done), people))
    return whole(dataset, report, made, now)


def whole(dataset: Dataset, report: Report, parts: Sequence[PartContent], now: datetime | None = None) -> Content:
    """The report of these parts, with what it is of."""
    state, time = State.of(dataset), now or datetime.now(UTC)
    of = (
        ("Dataset", dataset.name),
        ("Revision", state.revision),
        ("Files", "" if state.revision else _files(dataset)),
        ("Scorers", ", ".join(dataset.contents.scorers)),
        ("In it", state.size()),
        ("Fingerprint", state.fingerprint),
        ("Made", f"{time:%Y-%m-%d %H:%M} UTC, with Rewardscope {VERSION}"),
    )
    return Content(
        report.title,
        tuple((name, value) for name, value in of if value),
        _changes(report.dataset, state),
        _notices(dataset),
        tuple(parts),
    )


def part_content(
    dataset: Dataset,
    report: Report,
    part: Part,
    progress: Progress = lambda done, doing: None,
    people: People = NOBODY,
) -> PartContent:
    """One part as the dataset has it now."""
    link = report.link(part)
    page = PAGES.get(part.page)
    if page is None:
        unknown = f"This version of Rewardscope has no page {part.page!r} that can be in a report."
        return PartContent("A page that is not known here", "", (), part.sentence, link, (unknown,), "", ())
    asked = asked_of(dataset, part, page.parameters, progress, people)
    blocks: list[Block] = []
    try:
        some = drawn(dataset, asked.doing("Drawing prompts to work with.")) if part.page in OF_DRAWN else dataset
        blocks = page.blocks(asked._replace(dataset=some))
        of = [*_of(asked, page), ("Prompts", said_of(dataset, some))]
    except GoneError as error:
        asked.unknown.append(str(error))
        of = [("Scorer", asked.scorer)]
    except QueryError as error:
        asked.unknown.append(f"This part could not be worked out. {error}")
        of = [("Scorer", asked.scorer)]
    of.append(("Added", part.added_at.replace("T", " ")))
    named = tuple((name, value) for name, value in of if value)
    changes = tuple(dict.fromkeys(asked.unknown))
    return PartContent(page.title, page.question, named, part.sentence, link, changes, _what(asked), tuple(blocks))


def _within(progress: Progress, done: float) -> Progress:
    """Progress of one part: what is being done, while of the whole only so much is."""
    return lambda _, doing: progress(done, doing)


def _of(asked: Asked, page: Page) -> list[tuple[str, str]]:
    """What the figures of a part are of: the scorer, and which prompts."""
    said = filter_said(asked)
    if page.is_filtered:
        return [("Scorer", asked.scorer), ("Filter", said)]
    scope = str(asked.scope()).replace(":", " ", 1) if "of" in page.parameters else "all prompts"
    unused = f"{said}: not used on this page" if said else ""
    return [("Scorer", asked.scorer), ("Of", scope), ("Filter", unused)]


def _what(asked: Asked) -> str:
    """What of its page a part is of: a prompt by its number; or a view, and of which prompts."""
    page = asked.part.page
    if page in ("prompt", "compare"):
        return f"prompt {asked.value('id')}" if asked.value("id") else ""
    show = asked.value("show") or FIRST_VIEW.get(page, "")
    by = f"by {asked.value('by')}" if asked.value("by") else ""
    scope = asked.value("of").replace(":", " ", 1)
    return ", ".join(one_line(one, 60) for one in (VIEWS.get(show, show), by, scope) if one)


def _notices(dataset: Dataset) -> tuple[str, ...]:
    more = len(dataset.notices) - MOST_NOTICES
    return (*dataset.notices[:MOST_NOTICES], *([f"And {more:,} more notes on the data."] if more > 0 else []))


def _files(dataset: Dataset) -> str:
    """The names of the files, without where the server keeps them."""
    names = [file.name for file in dataset.files]
    return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")


def _changes(then: State, now: State) -> tuple[str, ...]:
    if not then.fingerprint or then.fingerprint == now.fingerprint:
        return ()
    size = f"It had {then.size()}" if then.size() != now.size() else f"As then, it has {now.size()}"
    return (
        f"The dataset is another state of its files than when parts were added (fingerprint {then.fingerprint} then): figures "
        f"and texts are those of now. {size}.",
    )
