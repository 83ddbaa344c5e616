"""Which phrases the better and the worse texts of a prompt have: the relation that `questions.phrases` reads.

Upper and lower are a quarter each of the prompt's different texts by reward; or, with length held equal, of each four texts
that are next in length the best and the worst. Longer texts have more of every word, and often more reward.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa

from data_access import database
from data_access.database import Connection, read
from data_access.dataset import Dataset
from data_access.derived.common_texts import common_texts
from data_access.derived.kept_relations import Derived, Progress, see_to

ENOUGH = 10  # prompts that have a phrase: of fewer, no interval says anything
MOST_CANDIDATES = 150_000  # of more, as many prompts are drawn as have about these: bounds time and memory
AT_ONCE = 10_000  # candidates whose phrases are counted at once
SEED = 1


def phrases(
    dataset: Dataset,
    progress: Callable[[float], None] = lambda done: None,
    *,
    scorer: str,
    length_equal: bool = True,
) -> None:
    """See that this scorer's relation of phrases is there: one row per phrase and prompt that has it, columns as in
    `sql/phrases.sql`. Reads half of all texts the first time."""
    relation = dataset.phrases_relation(scorer, length_equal)
    made = Derived(relation, ("texts", "attributes"), partial(_blocks, dataset, scorer, length_equal))
    see_to(dataset, made, progress)


def read_prompts(dataset: Dataset) -> list[int]:
    """The prompts whose phrases are counted: all, or some that are drawn, the same ones each time."""
    contents = dataset.contents
    every = np.arange(1, contents.prompts + 1)
    if dataset.last_prompt != contents.prompts:
        every = read(dataset, "derived/prompt_ids")["prompt_id"].to_numpy()
    most = max(ENOUGH, MOST_CANDIDATES * contents.prompts // contents.candidates)
    if contents.prompts <= most:
        return [int(one) for one in every]
    drawn = np.random.default_rng(SEED).choice(contents.prompts, most, replace=False)
    return sorted(every[drawn].tolist())


def _blocks(
    dataset: Dataset, scorer: str, length_equal: bool, connection: Connection, _: Dataset, progress: Progress
) -> Iterator[pa.Table]:
    ids, contents = read_prompts(dataset), dataset.contents
    at_once = max(1, AT_ONCE * contents.prompts // contents.candidates)
    select = database.statement("derived/phrases_of_prompts")
    asked = {"scorer": scorer, "length_equal": length_equal, "common": common_texts(dataset, scorer)}
    for start in range(0, len(ids), at_once):
        progress(0.8 * start / len(ids))
        insert = f"INSERT INTO found {select}" if start else f"CREATE OR REPLACE TEMP TABLE found AS {select}"
        connection.execute(insert, asked | {"ids": ids[start : start + at_once]})
    progress(0.8)
    yield connection.sql(database.statement("derived/phrases"), params={"enough": ENOUGH}).to_arrow_table()
    connection.execute("DROP TABLE found")
