"""The content of every text as a key, by which what people said of a text finds it in whatever dataset has it."""

from collections.abc import Callable

import pyarrow as pa

from data_access import database
from data_access.database import Connection
from data_access.dataset import Dataset
from data_access.derived.kept_relations import Derived, Narrowed, by_prompts, see_to


def text_keys(dataset: Dataset, progress: Callable[[float], None] = lambda done: None) -> None:
    """See that the relation `text_keys` is there. Reads all texts the first time.

    One row per candidate with a text: prompt_id, candidate, key, the SHA-256 of the text as 32 bytes.
    """
    see_to(dataset, Derived("text_keys", (), by_prompts(_rows)), progress)


def _rows(connection: Connection, narrowed: Narrowed, first: int, last: int) -> pa.Table:
    asked = database.of_some_files(database.statement("derived/text_keys"), narrowed)
    return connection.sql(asked, params={"first": first, "last": last}).to_arrow_table()
