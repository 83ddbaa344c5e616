"""What is measured of each response: attributes that people can read, each by one macro of `macros/attributes.sql`.

They look for plain marks, not for meaning: a hedge is the word "might", whoever says it and why.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import pyarrow as pa

from data_access import database
from data_access.database import Connection
from data_access.dataset import Dataset
from data_access.derived.kept_relations import Derived, Narrowed, by_prompts, see_to

Kind = Literal["count", "yes", "number"]


class Attribute(NamedTuple):
    """`key` is its column and stands in links and recipes; `tells` is what is counted or seen, in words.

    A `count` is from 0 and enters a comparison as ln(1 + count): from none to one is more than from ten to eleven. A `yes` is
    0 or 1. A `number` enters as it is.
    """

    key: str
    label: str
    kind: Kind
    tells: str


ATTRIBUTES = (
    Attribute("length", "length", "count", "characters"),
    Attribute("sentence_length", "sentence length", "count", "words per sentence, in the mean"),
    Attribute("list_items", "list items", "count", "lines that are list items"),
    Attribute("headers", "headers", "count", "lines that are Markdown headers"),
    Attribute("bold", "bold", "count", "bold spans"),
    Attribute("code", "code blocks", "count", "fenced code blocks"),
    Attribute("table_rows", "table rows", "count", "lines of Markdown tables"),
    Attribute("emoji", "emoji", "yes", "has an emoji"),
    Attribute("links", "links", "count", "web addresses"),
    Attribute("maths", "maths", "yes", "has LaTeX formulas"),
    Attribute("numbers", "numbers", "count", "runs of digits"),
    Attribute("questions", "question marks", "count", "question marks"),
    Attribute("exclamations", "exclamation marks", "count", "exclamation marks"),
    Attribute("first_person", "first person", "count", "I, me, my, mine, myself"),
    Attribute("hedges", "hedges", "count", "might, maybe, perhaps, probably, I think, it seems …"),
    Attribute("apology", "apology", "yes", "says sorry or apologises"),
    Attribute("refusal", "refusal", "yes", "opens with a refusal phrase"),
    Attribute("courtesy", "opening courtesy", "yes", "opens with Sure, Certainly, Great question …"),
    Attribute("offer", "closing offer", "yes", "ends with Let me know, Hope this helps …"),
    Attribute("repeats_prompt", "prompt's words", "number", "the share of the prompt's longer words that it repeats"),
    Attribute("word_variety", "word variety", "number", "the share of different words among its first hundred"),
    Attribute(
        "other_language", "other language", "yes", "is in another language or script than the prompt (suspected)"
    ),
    Attribute("cut_off", "cut off", "yes", "seems to end in mid-sentence or mid-code"),
)
BY_KEY = {attribute.key: attribute for attribute in ATTRIBUTES}
# A response can have these or not; of the others each has some.
CAN_HAVE = tuple(
    attribute
    for attribute in ATTRIBUTES
    if attribute.kind != "number" and attribute.key not in ("length", "sentence_length")
)
# The relation's columns -> DuckDB's types.
COLUMNS = {"prompt_id": "BIGINT", "candidate": "INTEGER"} | {
    attribute.key: "BOOLEAN" if attribute.kind == "yes" else "FLOAT" for attribute in ATTRIBUTES
}


def attributes(dataset: Dataset, progress: Callable[[float], None] = lambda done: None) -> None:
    """See that the relation `attributes` is there: one row per candidate with a text, by prompt: prompt_id, candidate, and a
    column an attribute. Reads all texts the first time."""
    see_to(dataset, Derived("attributes", ("texts", "attributes"), by_prompts(_rows)), progress)


def _rows(connection: Connection, narrowed: Narrowed, first: int, last: int) -> pa.Table:
    """The attributes of the responses to the prompts from `first` to `last`."""
    select = database.of_some_files(database.statement("derived/attributes"), narrowed)
    return connection.sql(select, params={"first": first, "last": last}).to_arrow_table()
