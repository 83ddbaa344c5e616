"""Which words and openings distinguish the upper from the lower quarter of the same prompt's candidates.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words", eq. 15 f.):

    δ = ln[(y + α) / (N + α₀ − y − α)] of the upper quarters − the same of the lower quarters

y is how often the phrase is counted, N all phrases of its kind. Each text counts a phrase once, and each prompt weighs as
much as any other: y is the sum over prompts of the share of the quarter's texts that have it. The prior is what both
quarters have together, weighed by PRIOR.

The paper's z takes counts as independent; texts of one prompt are not. Here z is the score test of "no difference" with
prompts as clusters: s = (u − πa) / N − (v − πb) / M of a prompt with u of a's and v of b's, where π is the phrase's share of
all; z = Σ s / √Σ s². A phrase of k prompts has |z| ≤ about √k, however lopsided.

A phrase stands out where |z| is STANDS_OUT or more and the plain shares differ the same way: in texts with more words each
word is a smaller part, so that of the two signs one alone may be a matter of length.

By chance: the two quarters are exchanged in prompts drawn at random, FLIPS times. That leaves each prompt's texts together,
and takes any preference away.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.derived.phrases import ENOUGH, phrases
from data_access.questions.resampling import LEVELS, SEED, bootstrap

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Kind = Literal["words", "pairs", "openings"]

KINDS: tuple[Kind, ...] = ("words", "pairs", "openings")
PRIOR = 0.1
STANDS_OUT = 3.0  # |z|: of 1,000 phrases without any preference about 3 are beyond
FLIPS = 20
ROUNDS = 500
LISTED = 50  # of each side
AT_LEAST = 10  # of each side, also if they do not stand out
LOOKED_AT = 500  # of each side, for phrases that stand in the same texts as one that is listed
SAME_TEXTS = 0.95  # cosine, from here on

Progress = Callable[[float], None]


class Counts(NamedTuple):
    """Rows of phrases and prompts: `phrase` and `prompt` are places in `keys` and `ids`; `upper` and `lower` as in
    sql/phrases.sql; `total[side, prompt]`: all phrases of a prompt's quarter."""

    keys: Numbers
    ids: Numbers
    phrase: Numbers
    prompt: Numbers
    upper: Floats
    lower: Floats
    total: Floats


class Found(NamedTuple):
    """`table`: one row per phrase, at most LISTED of each side that stand out, or the first AT_LEAST; those of the upper
    quarter first, and first the most certain. Columns: phrase, stands_out, also (other phrases of the very same texts),
    log_odds, low, high (95 %, prompts resampled; NaN where one quarter never has it: then no bound can be given on that
    side), z, prompts (that have it in either quarter), upper, lower (share of texts that have it, mean over all prompts).
    `tried` phrases were compared, `beyond` of them stand out; `by_chance` would."""

    table: pd.DataFrame
    tried: int
    beyond: int
    by_chance: float
    prompts: int


def distinguishing(
    dataset: Dataset,
    scorer: str,
    kind: Kind,
    section: str | None = None,
    subset: str | None = None,
    *,
    without_asked: bool = False,
    length_equal: bool = True,
    progress: Progress = lambda done: None,
) -> Found | None:
    """What distinguishes the quarters; None where no phrase is in ENOUGH prompts. `without_asked`: leave out, prompt by prompt,
    what the prompt says too. `length_equal`: the best and the worst of texts that are next in length."""
    phrases(dataset, progress, scorer=scorer, length_equal=length_equal)
    place = {"phrases": dataset.phrases_relation(scorer, length_equal)}
    rows = read(
        dataset,
        "questions/phrases",
        parts=place,
        kind=KINDS.index(kind),
        asked=without_asked,
        section=section,
        subset=subset,
    )
    counts = counted(rows)
    if not len(counts.keys):
        return None
    found = from_counts(counts)
    keys = [int(key) for key in {*found.table["key"], *(key for also in found.table["also"] for key in also)}]
    rows = read(dataset, "questions/phrase_names", parts=place, kind=KINDS.index(kind), keys=keys)
    names = dict(zip(rows["key"], rows["phrase"], strict=True))
    phrase = found.table["key"].map(names)
    also = found.table["also"].map(lambda others: [names[key] for key in others])
    return found._replace(table=found.table.assign(key=phrase, also=also).rename(columns={"key": "phrase"}))


def pattern(phrase: str, kind: Kind) -> str:
    """A regular expression (RE2) that finds this phrase in a text: its words in either case, whatever stands between."""
    words = r"\W+".join(re.escape(word).replace("'", "['’]") for word in phrase.split(" "))
    start = r"^\W*" if kind == "openings" else r"\b" if phrase[:1].isascii() else ""
    return f"(?i){start}{words}" + (r"\b" if phrase[-1:].isascii() else "")


def counted(rows: pd.DataFrame) -> Counts:
    """The rows of sql/phrases.sql, of phrases that ENOUGH prompts have."""
    key, prompt_id = (rows[name].to_numpy(dtype=np.int64) for name in ("key", "prompt_id"))
    upper, lower = (rows[name].to_numpy(dtype=float) for name in ("upper", "lower"))
    is_total = key == 0
    ids = np.unique(prompt_id[is_total])
    total = np.zeros((2, len(ids)))
    total[:, np.searchsorted(ids, prompt_id[is_total])] = upper[is_total], lower[is_total]
    keys, phrase, prompts = np.unique(key, return_inverse=True, return_counts=True)
    is_kept = (prompts >= ENOUGH) & (keys != 0)
    at = is_kept[phrase]
    return Counts(
        keys[is_kept],
        ids,
        (np.cumsum(is_kept) - 1)[phrase[at]],
        np.searchsorted(ids, prompt_id[at]),
        upper[at],
        lower[at],
        total,
    )


def from_counts(counts: Counts) -> Found:
    """What distinguishes the quarters, with each phrase's `key` in place of its text."""
    rng = np.random.default_rng(SEED)
    y = _shares(counts)
    log_odds = _log_odds(y, counts.total.sum(axis=1)[:, None], *_prior(counts, y))
    z, outstanding = _scores(counts)
    beyond = [int(_scores(_flipped(counts, rng))[1].sum()) for _ in range(FLIPS)]
    is_higher = y[0] > y[1]
    order = np.lexsort((-np.abs(z), ~outstanding))
    up, down = (order[side[order]][:LOOKED_AT] for side in ((z > 0) & is_higher, (z < 0) & (y[0] < y[1])))
    listed = {
        **_listed(counts, up, outstanding),
        **dict(reversed(_listed(counts, down, outstanding).items())),
    }
    rows = np.array([*listed], int)
    low, high = _intervals(counts, rows, y, rng)
    upper, lower = y[:, rows] / len(counts.ids)
    table = pd.DataFrame(
        {
            "key": counts.keys[rows],
            "stands_out": outstanding[rows],
            "also": [counts.keys[others].tolist() for others in listed.values()],
            "log_odds": log_odds[rows],
            "low": np.where(upper > 0, low, np.nan),
            "high": np.where(lower > 0, high, np.nan),
            "z": z[rows],
            "prompts": np.bincount(counts.phrase, minlength=len(counts.keys))[rows],
            "upper": upper,
            "lower": lower,
        }
    )
    return Found(table, len(z), int(outstanding.sum()), float(np.mean(beyond)), len(counts.ids))


def _shares(counts: Counts) -> Floats:
    """y of each phrase in the upper and in the lower quarters: (2, phrases)."""
    return np.array([_summed(counts, counts.upper), _summed(counts, counts.lower)])


def _summed(counts: Counts, values: Floats) -> Floats:
    """Sums by phrase."""
    return np.bincount(counts.phrase, values, len(counts.keys)).astype(float)


def _prior(counts: Counts, y: Floats) -> tuple[Floats, float]:
    """α of each phrase, and α₀."""
    return PRIOR * y.sum(axis=0) / 2, PRIOR * float(counts.total.sum()) / 2


def _log_odds(y: Floats, n: Floats, prior: Floats, all_prior: float) -> Floats:
    """δ from y (2, …, phrases) and n (2, …, 1) of the upper and the lower quarters."""
    have = y + prior
    odds = np.log(have / (n + all_prior - have))
    difference: Floats = odds[0] - odds[1]
    return difference


def _scores(counts: Counts) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """z of each phrase, and whether it stands out."""
    y, n = _shares(counts), counts.total.sum(axis=1)
    share = y.sum(axis=0) / n.sum()
    differs = counts.upper / n[0] - counts.lower / n[1]
    longer = counts.total[0] / n[0] - counts.total[1] / n[1]
    squares = _summed(counts, differs**2) - 2 * share * _summed(counts, differs * longer[counts.prompt])
    error = np.sqrt(np.maximum(squares + share**2 * (longer @ longer), 1e-30))
    z: Floats = (y[0] / n[0] - y[1] / n[1]) / error
    return z, (np.abs(z) >= STANDS_OUT) & (np.sign(z) == np.sign(y[0] - y[1]))


def _flipped(counts: Counts, rng: np.random.Generator) -> Counts:
    """The counts with the quarters exchanged in prompts drawn at random."""
    is_flipped = rng.random(len(counts.ids)) < 0.5
    at = is_flipped[counts.prompt]
    return counts._replace(
        upper=np.where(at, counts.lower, counts.upper),
        lower=np.where(at, counts.upper, counts.lower),
        total=np.where(is_flipped, counts.total[::-1], counts.total),
    )


def _listed(counts: Counts, ranked: Numbers, outstanding: npt.NDArray[np.bool_]) -> dict[int, list[int]]:
    """The first of these phrases that do not stand in the same texts as one before -> those that do: LISTED of those that stand
    out, or AT_LEAST."""
    shares = _by_prompt(counts, ranked)
    vectors = (shares[0] - shares[1]).T
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-30)
    found: dict[int, list[int]] = {}
    places: list[int] = []
    for place, phrase in enumerate(ranked.tolist()):
        alike = vectors[places] @ vectors[place]
        if places and alike.max() >= SAME_TEXTS:
            found[int(ranked[places[int(alike.argmax())]])].append(phrase)
        elif len(places) < (LISTED if outstanding[phrase] else AT_LEAST):
            found[phrase] = []
            places.append(place)
    return found


def _by_prompt(counts: Counts, some: Numbers) -> Floats:
    """(2, prompts, phrases): the shares of some phrases in the upper and the lower quarter."""
    place = np.full(len(counts.keys), -1)
    place[some] = range(len(some))
    at = place[counts.phrase] >= 0
    shares = np.zeros((2, len(counts.ids), len(some)))
    shares[:, counts.prompt[at], place[counts.phrase[at]]] = counts.upper[at], counts.lower[at]
    return shares


def _intervals(counts: Counts, some: Numbers, y: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """95 % intervals of δ of some phrases, prompts resampled; the prior stays."""
    weights = bootstrap(len(counts.ids), ROUNDS, rng).astype(float)
    prior, all_prior = _prior(counts, y)
    drawn = _log_odds(
        weights @ _by_prompt(counts, some), (counts.total @ weights.T)[:, :, None], prior[some], all_prior
    )
    low, high = np.quantile(drawn, LEVELS, axis=0)
    return low, high
