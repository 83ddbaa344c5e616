"""What pages ask of a whole dataset, worked out behind the visitors' backs once it is open: so no first visit waits."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from time import sleep

from data_access import log
from data_access.dataset import Dataset
from data_access.derived import phrases, twins
from data_access.derived.attributes import attributes
from data_access.derived.drawn import drawn, needs_drawing
from data_access.derived.text_keys import text_keys
from data_access.errors import DataError
from data_access.questions import attribute_effects, best_of_n, checks, text_checks
from data_access.questions.filters import PromptFilter
from data_access.questions.matched_pairs import matched_pairs
from data_access.questions.phrases import KINDS, distinguishing
from data_access.questions.scope import Scope
from data_access.questions.source_models import standing
from data_access.questions.twins import by_change, twin_pairs
from data_access.training_data import recipes
from data_access.training_data.rows import selection
from pages.components.rewards.twin_view import MOST
from pages.components.state.judgement_store import is_on
from pages.components.state.results import asked_of, cached, kept_later
from pages.components.state.session import View

Job = Callable[[], object]
AFTER_S = 2.0  # seconds after a first page was drawn: its charts come first

_jobs: SimpleQueue[Job] = SimpleQueue()
_busy = Event()


def start() -> None:
    """With the server: one thread for all datasets, one question after the other."""
    if not _worker.is_alive():
        _worker.start()


def is_idle() -> bool:
    """Whether nothing is being worked out, and nothing is left to be."""
    return _jobs.empty() and not _busy.is_set()


def work_ahead(view: View) -> None:
    """After a page was drawn: have everything below asked of its dataset and scorer, once while the dataset is open."""
    if _worker.is_alive():
        cached(view.dataset, "ahead", view.scorer, compute=partial(_put, view))


def _put(view: View) -> None:
    _put_all(jobs(view))


def _put_all(found: Iterable[Job]) -> None:
    for job in found:
        _jobs.put(job)


def jobs(view: View) -> Iterator[Job]:
    """What the pages ask first, as they name it for `cached`: the quick and the often visited first."""
    yield partial(sleep, AFTER_S)
    dataset, scorer = view.dataset, view.scorer
    later = partial(kept_later, dataset)
    for question in (matched_pairs, checks.one_answer_check):
        yield later(*asked_of(question, scorer), compute=partial(question, dataset, scorer))
    recipe, _ = recipes.from_link({}, dataset.name, scorer, PromptFilter())
    everything = range(1, dataset.contents.prompts + 1)
    yield later(
        "selection",
        recipes.to_json(recipe),
        compute=lambda: selection(dataset, recipe, everything),
        kind="selections",
    )
    if needs_drawing(dataset):
        of_part = later("drawn", compute=lambda: drawn(dataset), lasts=False)
        yield lambda: _put_all(_jobs_of(of_part(), scorer))
    else:
        yield from _jobs_of(dataset, scorer)
    if is_on():  # somebody may judge
        yield partial(text_keys, dataset)


def _jobs_of(dataset: Dataset, scorer: str) -> Iterator[Job]:
    """What is asked of all candidates, or of those of the prompts that were drawn."""
    later = partial(kept_later, dataset)
    for question in (checks.length_bins, checks.length_sample, checks.length_by_subset, checks.refusals):
        yield later(*asked_of(question, scorer), compute=partial(question, dataset, scorer))
    yield later("standing", scorer, Scope(), compute=partial(standing, dataset, scorer))
    yield later("formatting", scorer, compute=partial(checks.formatting, dataset, scorer))
    read = partial(best_of_n.scored_candidates, dataset, scorer)
    scored = later("scored_candidates", scorer, Scope(), compute=read, kind="candidates", lasts=False)
    yield later("curve", scorer, Scope(), compute=lambda: best_of_n.gain_curve(scored()))
    yield later("by_model", scorer, Scope(), compute=lambda: best_of_n.by_model(scored()))
    yield later(*asked_of(checks.same_text_noise, scorer), compute=partial(checks.same_text_noise, dataset, scorer))
    yield later(*asked_of(checks.value_grid, scorer), compute=partial(checks.value_grid, dataset, scorer))
    yield later("duplicates", compute=lambda: text_checks.normalised_duplicates(dataset, lambda done: None))
    yield partial(attributes, dataset)  # what the page shows the progress of is not what is kept
    yield later("effects", scorer, Scope(), False, compute=partial(attribute_effects.effects, dataset, scorer))
    yield partial(phrases.phrases, dataset, scorer=scorer)
    for kind in KINDS:
        asked = partial(distinguishing, dataset, scorer, kind)
        yield later("phrases", scorer, kind, Scope(), False, True, compute=asked)
    yield partial(twins.twins, dataset)
    yield later("by_change", scorer, Scope(), compute=partial(by_change, dataset, scorer))
    pairs = partial(twin_pairs, dataset, scorer, most=MOST, one_each=True)
    yield later("twins", scorer, Scope(), None, True, compute=pairs)


def _work() -> None:
    while True:
        job = _jobs.get()
        _busy.set()
        try:
            job()
        except (DataError, ReferenceError):  # the page that asks will say it; or the dataset was let go
            pass
        except Exception as error:
            log.failed("ahead_failed", error)
        finally:
            _busy.clear()


_worker = Thread(target=_work, daemon=True, name="ahead")
