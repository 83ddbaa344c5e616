"""What a source would look like under a mapping, from its first rows: to be looked at before it is prepared."""

from contextlib import closing
from dataclasses import dataclass

import pandas as pd

from data_access import database, failures, layouts, sql_text
from data_access.layouts import ColumnMapping
from data_access.opening.sources import Source, check
from data_access.preparing import shards
from data_access.preparing.shards import Shard

MEMORY = "400MB"
# A prompt's rows lie together as a rule, so the first ROWS of a file have those of its first prompt.
ROWS = 1000


@dataclass(frozen=True)
class Preview:
    """The layout in words, notices, the first prompt's text, and its candidates: columns candidate, model, response, and
    one per scorer with the reward."""

    layout: str
    notices: tuple[str, ...]
    prompt: str
    candidates: pd.DataFrame


def columns(source: Source, given_mapping: ColumnMapping) -> dict[str, str]:
    """The columns of the source's first file, name -> what they hold. SourceError if it cannot be read."""
    check(source)
    with closing(database.connect(MEMORY)) as connection:
        return shards.columns_of(connection, source.files[:1], given_mapping, source.named_files[0])


def first_prompt(source: Source, given_mapping: ColumnMapping) -> Preview:
    """The first prompt of the source's first file under a mapping; LayoutError or SourceError where there is none."""
    check(source)
    file, named = source.files[0], source.named_files[0]
    with closing(database.connect(MEMORY)) as connection:
        found = shards.columns_of(connection, [file], given_mapping, named)
        mapping = layouts.detect_mapping(found, str(named), given_mapping)
        spans_files = layouts.layout(mapping, found, str(named), "", "").spans_files
        some = f"(SELECT * FROM {sql_text.parquet([file], numbered=True)} LIMIT {ROWS if spans_files else 1})"
        layout = layouts.layout(mapping, found, str(named), some, "(file_row_number + 1)")
        with failures.reading(file, named):
            shards.relate(connection, [Shard(0, (file,), layout, 0, 0)], layout.scorers)
            rows = database.frame(connection, "preparing/first_prompt")
    scored = rows.dropna(subset=["scorer"]).pivot(index="candidate", columns="scorer", values="reward")
    texts = rows.dropna(subset=["candidate"]).drop_duplicates("candidate").set_index("candidate")[["model", "response"]]
    candidates = texts.join(scored.reindex(columns=list(layout.scorers))).reset_index()
    prompt = str(rows["prompt"].iloc[0]) if len(rows) and isinstance(rows["prompt"].iloc[0], str) else ""
    return Preview(layout.description, layout.notices, prompt, candidates.astype({"candidate": int}))
