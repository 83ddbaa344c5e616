"""Twins: two candidates of a prompt whose texts are nearly the same, so that what a small change does to a reward is seen.

Nearly the same is a similarity of SIMILAR or more: 2 × the characters in common, in order, / the characters of both (Indel).
To compare every text with every other would take hours, so only those are compared that share enough of a sketch: of every
three words in a row (a shingle) a hash, and of these the SKETCH smallest (Broder 1997, "On the resemblance and containment of
documents"). What that leaves out, so that many texts, or many alike, cost no more than their number:

- texts of fewer than SHORTEST characters, where one word is no small change, and of more than LONGEST;
- of the texts that share a shingle, each meets the NEIGHBOURS that are next in length;
- of a prompt, the MOST_PAIRS pairs that share most are compared;
- pairs that share less than SHARED of the shorter one's sketch, as those with a change in every third word, and texts
  without words. On 46,000 responses to 805 prompts that was 6 of 1,693 pairs.
"""

from collections.abc import Callable, Iterator

import pyarrow as pa
from rapidfuzz import fuzz, process

from data_access import database
from data_access.database import Connection
from data_access.dataset import Dataset
from data_access.derived.changes import change
from data_access.derived.kept_relations import Derived, Narrowed, by_prompts, see_to

SIMILAR = 0.9
SHORTEST = 40
LONGEST = 100_000
SKETCH = 32
SHARED = 3 / 16
NEIGHBOURS = 30
MOST_PAIRS = 2_000
AT_ONCE = 2_500  # candidates whose sketches are made at once
PAIRS_AT_ONCE = 250  # pairs whose texts are held at once

SCHEMA = pa.schema(
    [
        ("prompt_id", pa.int64()),
        ("candidate", pa.int32()),
        ("twin", pa.int32()),
        ("similarity", pa.float32()),
        ("change", pa.string()),
        ("what", pa.string()),
    ]
)

# The relation's columns -> DuckDB's types.
COLUMNS = {
    "prompt_id": "BIGINT",
    "candidate": "INTEGER",
    "twin": "INTEGER",
    "similarity": "FLOAT",
    "change": "VARCHAR",
    "what": "VARCHAR",
}

Pair = tuple[int, int, int, str, str]


def twins(dataset: Dataset, progress: Callable[[float], None] = lambda done: None) -> None:
    """See that the relation `twins` is there: one row per pair of different, nearly same texts of a prompt, each the
    lowest-numbered candidate with its text. Reads all texts the first time.

    Columns: prompt_id; candidate, the one without the change, or the shorter; twin, the one with it; similarity, from SIMILAR
    to 1; change, a key of CHANGES; what was added, removed or replaced, on one line.
    """
    see_to(dataset, Derived("twins", ("texts", "twins"), by_prompts(_rows, AT_ONCE)), progress)


def _rows(connection: Connection, narrowed: Narrowed, first: int, last: int) -> pa.Table:
    """The twins among the responses to the prompts from `first` to `last`."""
    found = [row for pairs in _pairs(connection, narrowed, first, last) for row in _twins(pairs)]
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in sorted(found)], SCHEMA)


def _pairs(connection: Connection, narrowed: Narrowed, first: int, last: int) -> Iterator[list[Pair]]:
    """Pairs that could be twins, some at a time: prompt, both candidates, both texts."""
    result = connection.execute(
        database.of_some_files(database.statement("derived/twins"), narrowed),
        {
            "first": first,
            "last": last,
            "shortest": SHORTEST,
            "longest": LONGEST,
            "size": SKETCH,
            "neighbours": NEIGHBOURS,
            "similar": SIMILAR,
            "shared": SHARED,
            "most": MOST_PAIRS,
        },
    )
    while pairs := result.fetchmany(PAIRS_AT_ONCE):
        yield pairs


def _twins(pairs: list[Pair]) -> Iterator[tuple[int, int, int, float, str, str]]:
    """Rows of those pairs that are nearly the same."""
    first_texts, second_texts = [pair[3] for pair in pairs], [pair[4] for pair in pairs]
    ratios = process.cpdist(first_texts, second_texts, scorer=fuzz.ratio, score_cutoff=100 * SIMILAR)
    for (prompt, first, second, first_text, second_text), ratio in zip(pairs, ratios, strict=True):
        if ratio > 0:
            key, is_turned, what = change(first_text, second_text)
            candidate, twin = (second, first) if is_turned else (first, second)
            yield prompt, candidate, twin, float(ratio) / 100, key, what
