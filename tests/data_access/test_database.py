"""The database: what an open dataset's connection may do, that it is right from many threads, and every query in sql/."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data_access import database
from data_access.database import read
from data_access.dataset import Dataset, open_dataset
from data_access.derived.attributes import attributes
from data_access.derived.phrases import phrases
from data_access.derived.text_keys import text_keys
from data_access.derived.twins import twins
from data_access.errors import DataError, QueryError, QueryTimeoutError, SourceError
from data_access.layouts import ColumnMapping
from data_access.opening.sources import Source
from data_access.preparing import preview
from data_access.preparing.preparation import prepared_folder
from data_access.questions import overview, prompts
from data_access.questions.filters import RANGES, PromptFilter
from data_access.questions.prompt import prompt
from data_access.questions.search import found_prompts
from data_access.sql_text import parquet
from data_access.training_data.measured import in_pool, in_table
from data_access.training_data.recipes import Recipe
from tests.conftest import open_path, wide_table
from tests.data_access.disk_full import no_file_larger_than
from tests.data_access.preparing.processes import source_of
from tests.data_access.preparing.test_preparation import TWO, rows

ROWS = [
    {
        "prompt": "Name a prime.",
        "subset": "llmbar-natural",
        "rewardbench_chosen": "Two.",
        "candidates": [("ant", "Two.", 3.0), ("bee", "Three.", 1.0), ("cow", "Four.", None)],
    },
    {"prompt": "Name a fruit.", "subset": "hep-go", "candidates": [("ant", "Fig.", 1.0), ("bee", "Pear.", 2.0)]},
]
ENDS = {f"{name}_{end}": None for name in RANGES for end in ("low", "high")}
LISTS = {"section": [], "subset": [], "model": [], "found": None, "sort": "id", "descending": False}
SCOPE = {"section": None, "subset": None}
NO_ATTRIBUTE = "SELECT NULL::BIGINT AS prompt_id, NULL::DOUBLE AS r WHERE false"
PHRASES = {"parts": {"phrases": "phrases_0_equal"}, "kind": 0}
NAMES = {"won": "", "lost": "", "beat": "", "over": ""}
PATTERNS = {"pattern_1": "r", "pattern_2": "", "pattern_3": "", "pattern_4": ""}
# Query -> its parameters, and how many rows it has for ROWS.
QUERIES = {
    "questions/attribute_by_prompt": (
        {"scorer": "reward", "common": [], "ids": None, "parts": {"value": "ln(1 + attributes.length)"}},
        2,
    ),
    "questions/attribute_values": ({"scorer": "reward", "other": "", **SCOPE, "common": [], "first": 1, "last": 2}, 4),
    "questions/blind_pair_texts": ({"ids": [1, 2], "first": ["1", "1"], "second": ["chosen", "2"]}, 2),
    "questions/blind_texts": ({"scorer": "reward", "other": "", "ids": [1, 2]}, 5),
    "questions/candidates": ({"scorer": "reward", "id": 1}, 3),
    "questions/centred_reach": ({"scorer": "reward"}, 1),
    "questions/distinct_prompts": ({"ids": [1]}, 1),
    "questions/text_places": ({"prompts": [], "responses": []}, 0),
    "questions/choices": ({"scorer": "reward"}, 2 + 2 + 3),
    "training_data/export_candidates": (
        {"scorer": "reward", "ids": [1], "parts": {"attributes": in_table(Recipe("data", "reward"))}},
        3,
    ),
    "training_data/export_prompts": ({"scorer": "reward", "ids": [1, 2]}, 2),
    "questions/formatting": ({"scorer": "reward"}, 0),
    "questions/judged_rewards": ({"ids": [1, 1, 2], "candidates": [1, 3, 2]}, 2),
    "questions/judged_texts": ({"ids": [1, 2], "choices": ["chosen", "2"]}, 2),
    "questions/length_bins": ({"scorer": "reward"}, 4),
    "questions/length_sample": ({"scorer": "reward", "most": 3}, 3),
    "questions/length_by_subset": ({"scorer": "reward"}, 2),
    "questions/matched_pairs": ({"scorer": "reward"}, 0),
    "questions/matching_prompts": (
        {
            "scorer": "reward",
            **LISTS,
            **NAMES,
            **ENDS,
            "attribute": "",
            "parts": {"flags": "true", "by_attribute": NO_ATTRIBUTE},
        },
        2,
    ),
    "questions/normalised_duplicates": ({"first": 1, "last": 2}, 1),
    "derived/alike_in_some": ({"scorer": "reward", "by_model": True, "first": 1, "last": 2}, 5),
    "derived/prompt_ids": ({}, 2),
    "derived/one_answer": ({"scorer": "reward", "enough": 1, "among": None}, 1),
    "questions/overview": ({"scorer": "reward", "parts": {"flags": "0 AS none"}}, 1),
    "training_data/other_rewards": ({"scorer": "reward", "ids": [1, 2], "repeats": False}, 0),
    "training_data/pair_texts": ({"ids": [1, 2], "wanted": "chosen"}, 1),
    "questions/phrase_names": (PHRASES | {"keys": [0, 1]}, 0),
    "questions/phrases": (PHRASES | SCOPE | {"asked": False}, 0),
    "questions/prompt": ({"scorer": "reward", "id": 2}, 1),
    "questions/prompt_figures": ({"scorer": "reward", "ids": [1, 2]}, 2),
    "questions/prompt_parts": ({}, 2),
    "questions/published_matches": ({"scorer": "reward", "texts": [], "scores": [], "subsets": []}, 0),
    "questions/prompt_rows": ({"scorer": "reward", "ids": [2, 1], "reach": 1.0}, 2),
    "questions/refusals": ({"scorer": "reward"}, 2),
    "questions/rewards": ({"scorer": "reward"}, 4),
    "questions/same_text_noise": ({"scorer": "reward"}, 0),
    "questions/same_text_pairs": ({"scorer": "reward", "section": None, "subset": None}, 0),
    "questions/scored_by": ({"scorers": ["reward"]}, 1),
    "questions/scored_candidates": ({"scorer": "reward", "section": "Reasoning", "subset": None}, 2),
    # an r is in the first prompt, in the second, and in Three., Four. and Pear.
    "questions/search": ({**PATTERNS, "where": "both", "first": 1, "last": 2}, 5),
    "questions/spread_histogram": ({"scorer": "reward"}, 30),
    "questions/standings": ({"scorers": ["reward"], "first": 1, "last": 2}, 4),
    "questions/standings_of_prompt": ({"id": 1}, 2),
    "questions/subsets": ({"scorer": "reward", "by": "subset"}, 2),
    "questions/text_facts": ({"texts": ["one", "", "- two"]}, 3),
    "questions/worth_seeing": ({"scorer": "reward", "most": 3}, 0),
    "report/prompt_by_text": ({"key": "0" * 32}, 0),
    "training_data/source_texts": (
        {
            "ids": [2, 2],
            "candidates": [1, 2],
            "before": 1,
            "parts": {"text": "a_text", "file": "(SELECT 0 AS file_row_number, 'a fig: Fig.' AS a_text)"},
        },
        2,
    ),
    "training_data/source_texts_without_response": (
        {
            "ids": [2, 2],
            "candidates": [1, 2],
            "before": 1,
            "parts": {"text": "a_text", "file": "(SELECT 0 AS file_row_number, 'a fig: Fig.' AS a_text)"},
        },
        1,  # Pear.
    ),
    "training_data/training_pool": (
        {
            "scorer": "reward",
            "ids": [1],
            "seed": "0",
            "without": [],
            "repeats": False,
            "scored_only": True,
            "draws_rows": True,
            "draws_balance": True,
            "parts": {"attributes": in_pool(Recipe("data", "reward"))},
        },
        3,
    ),
    "questions/twin_pairs": (
        {"scorer": "reward", "section": None, "subset": None, "change": None, "most": None, "one_each": False},
        0,
    ),
    "training_data/training_texts": ({"ids": [1, 2], "first": [1, 0], "second": [None, 2], "wanted": "chosen"}, 2),
}


def test_every_sql_file_runs_in_opening_a_dataset_or_with_the_parameters_above(
    opened: Callable[..., Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: set[str] = set()
    original = database.statement

    def noted(query: str) -> str:
        ran.add(query)
        return original(query)

    monkeypatch.setattr(database, "statement", noted)
    opened(ROWS)
    data = tmp_path / "data"
    open_path(f"{data} + {data}", tmp_path / "cache")
    assert ran.isdisjoint(QUERIES)
    dataset = opened(ROWS)
    twins(dataset)
    preview.first_prompt(Source("data", dataset.files), ColumnMapping())
    attributes(dataset)
    text_keys(dataset)
    phrases(dataset, scorer="reward")
    counted = {query: len(read(dataset, query, **parameters)) for query, (parameters, _) in QUERIES.items()}
    assert counted == {query: expected for query, (_, expected) in QUERIES.items()}
    assert ran == {
        f"{file.parent.parent.name}/{file.stem}" for file in Path(database.__file__).parent.glob("*/sql/*.sql")
    }


FORBIDDEN = [
    "FROM read_text('{other}')",
    "FROM read_csv('{other}')",
    "FROM read_parquet('{other}')",
    "FROM '{other}'",
    "FROM read_parquet('https://localhost/x.parquet')",
    "CREATE TABLE t AS FROM source; COPY t TO '{folder}/new.csv'",
    "COPY (SELECT 1) TO '{folder}/new.parquet' (FORMAT parquet, USE_TMP_FILE false)",
    "EXPORT DATABASE '{folder}/new'",
    "ATTACH '{folder}/new.duckdb'",
    "ATTACH '{other}' AS other (READ_ONLY)",
    "INSTALL httpfs",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    "SET threads = 1",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_paths = ['{other}']",
    "SET temp_directory = '{folder}'",
    "SET profiling_output = '{folder}/new'",
]


def test_an_open_dataset_reads_no_other_file_writes_none_and_changes_no_setting(
    opened: Callable[..., Dataset], tmp_path: Path
) -> None:
    other = tmp_path / "other.parquet"
    pq.write_table(wide_table(ROWS), other)
    dataset = opened(ROWS)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for statement in FORBIDDEN:
        with pytest.raises(duckdb.Error, match=r"disabled|configuration|Cannot access"):
            dataset.connection.cursor().execute(statement.format(folder=tmp_path, other=other))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("options", ["FORMAT parquet", "FORMAT csv"])
def test_an_open_dataset_does_not_write_over_its_own_source(opened: Callable[..., Dataset], options: str) -> None:
    dataset = opened(ROWS)
    (file,) = dataset.files
    before = file.read_bytes()
    try:
        with pytest.raises(duckdb.Error):
            dataset.connection.cursor().execute(f"COPY (SELECT 1 AS one) TO '{file}' ({options})")
    finally:
        assert file.read_bytes() == before


def test_eight_threads_at_once_each_get_the_rows_that_they_asked_for(opened: Callable[..., Dataset]) -> None:
    numbers = range(1, 41)
    dataset = opened(
        [{"prompt": f"p{i}", "candidates": [(f"m{i}", f"{i}-{j}", i + j / 4) for j in range(3)]} for i in numbers]
    )

    def seen(number: int) -> tuple[int, list[str], list[float]]:
        frame = read(dataset, "questions/candidates", scorer="reward", id=number)
        return number, frame["response"].tolist(), frame["reward"].tolist()

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(seen, [*numbers, *reversed(numbers), *numbers]))
    assert len(results) == 120
    for number, texts, rewards in results:
        assert texts == [f"{number}-2", f"{number}-1", f"{number}-0"]
        assert rewards == [number + 0.5, number + 0.25, number]


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_answers(
    opened: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened(ROWS)
    slow = "SELECT sum(a.range % 7 * b.range) FROM range(20000) AS a, range(50000) AS b"
    with monkeypatch.context() as patched:
        patched.setattr(database, "statement", lambda query: slow)
        with pytest.raises(QueryTimeoutError) as raised:
            read(dataset, "slow", time_limit_s=0.25)
    assert str(raised.value) == "This took longer than 0.25 seconds and was stopped."
    assert len(read(dataset, "questions/candidates", scorer="reward", id=1)) == 3


@dataclass(frozen=True)
class Reading:
    connection: database.Connection


def test_reading_what_is_in_columns_is_stopped_in_time_and_fails_in_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(database.connect("20MB"))
    slow = "SELECT md5(a.range::VARCHAR) AS whole, '?' AS part FROM range(100000) AS a, range(100000) AS b"
    database.create_view(reading.connection, "slow", slow)
    with monkeypatch.context() as patched:
        patched.setattr(database, "TIME_LIMIT_S", 0.1)
        with pytest.raises(QueryTimeoutError):
            database.not_containing(reading, "slow", [("whole", "part")])
    large = "SELECT list(range)::VARCHAR AS whole, 'a' AS part FROM range(10000000)"
    database.create_view(reading.connection, "large", large)
    with pytest.raises(QueryError, match=r"^This needs more memory than"):
        database.not_containing(reading, "large", [("whole", "part")])
    with pytest.raises(
        QueryError, match=r"^The database cannot answer this\. \(Table with name other does not exist!\)"
    ):
        database.columns_of(reading, "other")
    assert database.columns_of(reading, "slow") == {"whole": "VARCHAR", "part": "VARCHAR"}


def test_an_expression_that_does_not_compile_is_a_query_error(opened: Callable[..., Dataset]) -> None:
    dataset = opened(ROWS)
    with pytest.raises(QueryError, match=r"^missing \)"):
        read(dataset, "questions/search", **PATTERNS | {"pattern_1": "("}, where="both", first=1, last=2)
    assert rows(dataset, "SELECT count(*) FROM prompts") == [(2,)]


def page_data(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """What the pages would show."""
    found = [prompt(dataset, "reward", number) for number in range(1, dataset.contents.prompts + 1)]
    ids = prompts.matching_prompts(dataset, "reward", PromptFilter(sort="spread", descending=True), None)
    return {
        "counts": pd.DataFrame([overview.counts(dataset, "reward")]),
        "subsets": overview.subsets(dataset, "reward"),
        "list": prompts.prompt_rows(dataset, "reward", ids),
        "prompts": pd.DataFrame([each.row for each in found if each]),
        "pairs": pd.DataFrame([side for each in found if each for side in each.pair]),
        "candidates": pd.concat([each.candidates for each in found if each]),
        "search": pd.DataFrame(found_prompts(dataset, "a|e", "both", regex=True)),
    }


@pytest.fixture(scope="module")
def big_source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Two shards, the second with 240 kB of text that cannot be compressed, and with a pair, ties and a missing reward."""
    random, folder = Random(1), tmp_path_factory.mktemp("big") / "data"
    folder.mkdir()
    noise = [random.randbytes(20_000).hex() for _ in range(6)]
    pair = {"rewardbench_chosen": noise[0], "rewardbench_rejected": "no  candidate"}
    texts = [("ant", noise[0], 1.0), ("bee", noise[1], 1.0), ("cow", noise[2], float("nan"))]
    more = [("ant", noise[3] + " e ", 0.5), ("bee", noise[4], 2.0), ("cow", noise[5], None)]
    pq.write_table(wide_table([TWO | {"subset": "hep-go"}]), folder / "train-00000-of-00002.parquet")
    second = wide_table([{"prompt": "big", "candidates": texts} | pair, {"prompt": "more", "candidates": more}])
    pq.write_table(second, folder / "train-00001-of-00002.parquet")
    return source_of(folder)


@pytest.fixture(scope="module")
def big_prepared(big_source: Source) -> tuple[Dataset, dict[str, pd.DataFrame]]:
    """The dataset, prepared, and what the pages would show of it."""
    dataset = open_dataset(big_source, big_source.files[0].parents[1] / "cache", lambda done, doing: None)
    return dataset, page_data(dataset)


@pytest.mark.parametrize("why", ["below a file", "read-only", "full disk"])
def test_where_the_cache_cannot_be_written_the_source_is_read_directly_with_the_same_results(
    big_source: Source, big_prepared: tuple[Dataset, dict[str, pd.DataFrame]], tmp_path: Path, why: str
) -> None:
    prepared, expected = big_prepared
    (tmp_path / "file").touch()
    caches = {"below a file": tmp_path / "file" / "c", "read-only": Path("/proc/c"), "full disk": tmp_path / "full"}
    if why == "full disk":
        with no_file_larger_than(50_000):
            direct = open_dataset(big_source, caches[why], lambda done, doing: None)
        assert [left for left in caches[why].iterdir() if left.suffix != ".lock"] == []
    else:
        direct = open_dataset(big_source, caches[why], lambda done, doing: None)

    assert (prepared.is_prepared, direct.is_prepared) == (True, False)
    got = page_data(direct)
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(got[name], frame, check_dtype=False)
    assert len(expected["candidates"]) == 8


def test_the_notice_on_a_cache_that_cannot_be_written_is_a_sentence_that_names_it(
    big_source: Source, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    with no_file_larger_than(50_000):
        first, *others = open_dataset(big_source, cache, lambda done, doing: None).notices
    assert first.startswith("The cache folder cannot be written (")
    assert str(cache) in first
    assert first.endswith("Free some space, or set REWARDSCOPE_CACHE to a folder that can be written.")
    assert "{" not in first
    assert others == [
        "train-00001-of-00002.parquet: rewards that are NaN or infinite: 1. They are shown as not scored and left out of "
        "every statistic."
    ]


def test_a_source_that_is_deleted_while_read_directly_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    pq.write_table(wide_table([TWO]), file)
    dataset = open_path(file, Path("/proc/c"))
    file.unlink()
    with pytest.raises(SourceError, match=str(file)):
        prompt(dataset, "reward", 1)


def test_prepared_files_that_are_deleted_while_open_are_a_data_error_and_are_made_again(
    big_source: Source, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    dataset = open_dataset(big_source, cache, lambda done, doing: None)
    for gone in ("*", "prompts-*", "contents.json"):
        for file in prepared_folder(big_source, cache).glob(gone):
            file.unlink()
        if gone != "contents.json":
            with pytest.raises(DataError):
                prompt(dataset, "reward", 1)
        dataset = open_dataset(big_source, cache, lambda done, doing: None)
        assert (dataset.is_prepared, dataset.contents.candidates) == (True, 8)


def test_what_concerns_some_prompts_reads_only_the_files_that_have_them(opened: Callable[..., Dataset]) -> None:
    dataset = opened(ROWS, [ROWS[0]], ROWS)  # 2, 1 and 2 prompts
    files = dataset.prepared["scores"]
    assert dataset.narrowed(1, 5) == {}
    for first, last, expected in ((1, 1, files[:1]), (2, 3, files[:2]), (3, 3, files[1:2]), (4, 5, files[2:])):
        narrowed = dataset.narrowed(first, last)
        assert narrowed["scores"] == parquet(expected)
        for relation in ("prompts", "responses", "scores"):
            select = f"SELECT * FROM {relation} WHERE prompt_id BETWEEN {first} AND {last} ORDER BY ALL"
            assert rows(dataset, database.of_some_files(select, narrowed)) == rows(dataset, select) != []
    assert dataset.narrowed(6, 6) == {}


def test_all_prompts_are_gone_through_in_spans(opened: Callable[..., Dataset]) -> None:
    dataset = opened(ROWS, [ROWS[0]], ROWS)
    assert [*dataset.spans(1)] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert [*dataset.spans(10**9)] == [(1, 5)]
