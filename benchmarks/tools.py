"""Five tools that open a wide best-of-N dataset and answer the same questions, each as a competent user would write it."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple


class Steps(NamedTuple):
    """What can be asked of an opened dataset. Frames are pandas' or polars'."""

    table: Callable[[], Any]  # one row a prompt, in the source's order: prompt, mean, sd, best
    ranked: Callable[[int], Any]  # the candidates of the n-th prompt, best first: candidate, model, reward, response
    search: Callable[[str], int]  # how many prompts have a response with this word, in upper or lower case
    models: Callable[[], Any]  # one row a source model: model, mean


class Wide:
    """The names of the wide files' columns. `read` is what the steps need: not the columns that repeat the responses."""

    def __init__(self, names: Iterable[str]) -> None:
        found = (re.fullmatch(r"reward_(\d+)", name) for name in names)
        self.numbers = sorted(int(match[1]) for match in found if match)
        self.rewards = [f"reward_{i}" for i in self.numbers]
        self.responses = [f"response_{i}" for i in self.numbers]
        self.models = [f"response_{i}_model" for i in self.numbers]
        self.pairs = list(zip(self.models, self.rewards, strict=True))
        self.read = ["prompt", *self.rewards, *self.responses, *self.models]

    def candidates(self, row: Mapping[str, Any]) -> dict[str, list[Any]]:
        """One row's candidates, as the columns of a long frame."""
        names = {"model": self.models, "reward": self.rewards, "response": self.responses}
        return {"candidate": self.numbers} | {name: [row[at] for at in columns] for name, columns in names.items()}


def rewardscope(files: list[str], cache: Path) -> Steps:
    """The queries behind the pages, which return more than is asked for here; for source models, one typed here."""
    from data_access.dataset import open_dataset
    from data_access.opening.sources import Source
    from data_access.questions.filters import PromptFilter
    from data_access.questions.prompt import prompt
    from data_access.questions.prompts import matching_prompts, prompt_rows
    from data_access.questions.search import found_prompts

    dataset = open_dataset(Source("benchmark", tuple(map(Path, files))), cache, lambda done, doing: None)
    scorer = dataset.contents.scorers[0]

    def table() -> Any:
        rows = prompt_rows(dataset, scorer, matching_prompts(dataset, scorer, PromptFilter(), None))
        return rows.assign(mean=rows["best"] - rows["lead"], sd=rows["spread"])

    def ranked(row: int) -> Any:
        found = prompt(dataset, scorer, row + 1)
        return found and found.candidates

    def models() -> Any:
        query = "SELECT model, avg(reward) AS mean FROM scores WHERE scorer = $scorer GROUP BY model"
        return dataset.connection.cursor().execute(query, {"scorer": scorer}).df()

    return Steps(table, ranked, lambda word: len(found_prompts(dataset, word, "responses", False)), models)


def pandas(files: list[str], cache: Path) -> Steps:
    """What the steps need is read once, and stays in memory."""
    import pandas as pd
    import pyarrow.parquet as pq

    wide = Wide(pq.read_schema(files[0]).names)
    frame = pd.read_parquet(files, columns=wide.read)

    def table() -> Any:
        rewards = frame[wide.rewards]
        return frame[["prompt"]].assign(mean=rewards.mean(axis=1), sd=rewards.std(axis=1), best=rewards.max(axis=1))

    def ranked(row: int) -> Any:
        return pd.DataFrame(wide.candidates(frame.iloc[row])).sort_values("reward", ascending=False, kind="stable")

    def search(word: str) -> int:
        found = pd.Series(False, index=frame.index)
        for name in wide.responses:
            found |= frame[name].str.contains(word, case=False, regex=False, na=False)
        return int(found.sum())

    def models() -> Any:
        long = pd.concat([frame[list(pair)].set_axis(["model", "mean"], axis=1) for pair in wide.pairs])
        return long.groupby("model", as_index=False).mean()

    return Steps(table, ranked, search, models)


def polars(files: list[str], cache: Path) -> Steps:
    """A lazy scan: each step reads the columns that it needs."""
    import polars as pl

    scan = pl.scan_parquet(files)
    wide = Wide(scan.collect_schema().names())

    def table() -> Any:
        mean, best = pl.mean_horizontal(wide.rewards), pl.max_horizontal(wide.rewards)
        return scan.select("prompt", mean=mean, sd=pl.concat_list(wide.rewards).list.std(), best=best).collect()

    def ranked(row: int) -> Any:
        at = scan.select(wide.read).slice(row, 1).collect().row(0, named=True)
        found = pl.DataFrame(wide.candidates(at))
        return found.sort("reward", descending=True, nulls_last=True, maintain_order=True)

    def search(word: str) -> int:
        texts = [pl.col(name).str.contains_any([word], ascii_case_insensitive=True) for name in wide.responses]
        return int(scan.select(pl.any_horizontal(texts).sum()).collect().item())

    def models() -> Any:
        frame = scan.select(wide.models + wide.rewards).collect()
        long = pl.concat([frame.select(model=model, mean=reward) for model, reward in wide.pairs])
        return long.group_by("model").mean()

    return Steps(table, ranked, search, models)


def datasets(files: list[str], cache: Path) -> Steps:
    """load_dataset writes Arrow files into its cache and maps them into memory; whole columns go to pandas or pyarrow."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    from datasets import load_dataset

    wide = Wide(pq.read_schema(files[0]).names)
    dataset = load_dataset("parquet", data_files=files, split="train", columns=wide.read, cache_dir=str(cache))

    def table() -> Any:
        frame = dataset.select_columns(["prompt", *wide.rewards]).to_pandas()
        rewards = frame[wide.rewards]
        return frame[["prompt"]].assign(mean=rewards.mean(axis=1), sd=rewards.std(axis=1), best=rewards.max(axis=1))

    def ranked(row: int) -> Any:
        return pd.DataFrame(wide.candidates(dataset[row])).sort_values("reward", ascending=False, kind="stable")

    def search(word: str) -> int:
        found = pa.chunked_array([pa.repeat(False, len(dataset))])
        for name in wide.responses:
            matches = pc.match_substring(dataset.data.column(name), word, ignore_case=True)
            found = pc.or_(found, pc.fill_null(matches, False))
        return int(pc.sum(found).as_py() or 0)

    def models() -> Any:
        table = dataset.data.table
        long = pa.concat_tables([table.select(list(pair)).rename_columns(["model", "reward"]) for pair in wide.pairs])
        means = long.group_by("model").aggregate([("reward", "mean")])
        return means.rename_columns({"reward_mean": "mean"}).to_pandas()

    return Steps(table, ranked, search, models)


def duckdb(files: list[str], cache: Path) -> Steps:
    """Queries on the wide files as they are; each reads the columns that it needs."""
    import duckdb as database

    connection = database.connect()
    view = connection.read_parquet(files)
    view.create_view("wide")
    wide = Wide(view.columns)
    rewards = ", ".join(wide.rewards)
    rows = [
        connection.execute("SELECT num_rows FROM parquet_file_metadata($file)", {"file": f}).fetchall() for f in files
    ]
    starts = list(zip(files, accumulate((count for [(count,)] in rows), initial=0), strict=False))
    means = ", ".join(f"{{'model': {model}, 'reward': {reward}}}" for model, reward in wide.pairs)

    def table() -> Any:
        lists = f"SELECT prompt, [{rewards}] AS r FROM wide"
        summary = "list_avg(r) AS mean, list_stddev_samp(r) AS sd, list_max(r) AS best"
        return connection.execute(f"SELECT prompt, {summary} FROM ({lists})").df()

    def ranked(row: int) -> Any:
        names = ", ".join(wide.read)
        # By file_row_number it skips what is before the row: a third of the time of LIMIT 1 OFFSET.
        file, at = next((file, row - before) for file, before in reversed(starts) if before <= row)
        query = f"SELECT {names} FROM read_parquet($file, file_row_number = true) WHERE file_row_number = $at"
        found = connection.execute(query, {"file": file, "at": at}).df()
        long = type(found)(wide.candidates(found.iloc[0]))
        return long.sort_values("reward", ascending=False, kind="stable")

    def search(word: str) -> int:
        matches = " OR ".join(f"{name} ILIKE $pattern" for name in wide.responses)
        parameters = {"pattern": f"%{word}%"}
        return int(connection.execute(f"SELECT count(*) FROM wide WHERE {matches}", parameters).fetchall()[0][0])

    def models() -> Any:
        long = f"SELECT unnest([{means}], recursive := true) FROM wide"
        return connection.execute(f"SELECT model, avg(reward) AS mean FROM ({long}) GROUP BY model").df()

    return Steps(table, ranked, search, models)


class Tool(NamedTuple):
    """One way to browse: the modules that it takes, and how it opens files, given a folder for a cache, if it has one."""

    label: str
    opens: Callable[[list[str], Path], Steps]
    imports: tuple[str, ...]
    has_cache: bool


TOOLS = {
    "rewardscope": Tool(
        "**this project**",
        rewardscope,
        ("data_access.dataset", "data_access.questions.search", "data_access.questions.prompts"),
        True,
    ),
    "pandas": Tool("pandas", pandas, ("pandas", "pyarrow.parquet"), False),
    "polars": Tool("polars, lazy scan", polars, ("polars",), False),
    "datasets": Tool("Hugging Face datasets", datasets, ("datasets", "pandas"), True),
    "duckdb": Tool("DuckDB on the wide file", duckdb, ("duckdb", "pandas"), False),
}
