"""Which columns hold what: the numbered wide layout, with its optional columns and without."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access import database, sql_text
from data_access.dataset import Dataset
from data_access.errors import LayoutError
from data_access.layouts import detect_mapping, layout
from tests.conftest import wide_table
from tests.data_access.preparing.test_preparation import rows

PROMPTS = "SELECT source_key, prompt, subset, section, chosen, chosen_model, rejected, rejected_model FROM prompts ORDER BY ALL"
CANDIDATES = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"
REWARDS = "SELECT prompt_id, candidate, reward FROM scores ORDER BY ALL"


def test_every_column_of_the_seed_has_its_place_and_the_others_stay_in_the_source(
    opened: Callable[..., Dataset],
) -> None:
    table = pa.table(
        {
            "reward_2": [0.5],
            "reward_1": [1.5],
            "prompt": ["Name a prime."],
            "subset": ["hep-rust"],
            "rewardbench_chosen": ["Two."],
            "rewardbench_chosen_model": ["curator"],
            "rewardbench_rejected": ["Four."],
            "rewardbench_rejected_model": ["intern"],
            "response_1": ["Three."],
            "response_1_model": ["ant"],
            "response_2": ["Nine."],
            "response_2_model": ["bee"],
            "prompt_response_1": ["Name a prime. Three."],
            "rformatted_prompt_response_1": ["[INST] Name a prime. [/INST] Three."],
            "uid": ["u7"],
            "temperature": [0.7],
        }
    )
    dataset = opened(table)
    assert rows(dataset, PROMPTS) == [
        ("u7", "Name a prime.", "hep-rust", "Reasoning", "Two.", "curator", "Four.", "intern")
    ]
    assert rows(dataset, CANDIDATES) == [(1, 1, "ant", "Three."), (1, 2, "bee", "Nine.")]
    assert rows(dataset, REWARDS) == [(1, 1, 1.5), (1, 2, 0.5)]
    assert rows(dataset, "SELECT temperature, rformatted_prompt_response_1 FROM source") == [
        (0.7, "[INST] Name a prime. [/INST] Three.")
    ]
    assert dataset.contents.scorers == ("reward",)
    assert dataset.contents.layout == (
        "numbered wide: one row per prompt, up to 2 candidates in numbered columns, each with its source model. "
        "prompt: prompt · response: response_{i} · source model: response_{i}_model · rewards: reward_{i} · "
        "chosen text: rewardbench_chosen · rejected text: rewardbench_rejected · "
        "source model of the chosen text: rewardbench_chosen_model · "
        "source model of the rejected text: rewardbench_rejected_model · subset: subset"
    )


def test_without_the_optional_columns_their_values_are_missing(opened: Callable[..., Dataset]) -> None:
    dataset = opened(pa.table({"prompt": ["p"], "response_1": ["a"], "reward_1": [1.0]}))
    assert rows(dataset, PROMPTS) == [(None, "p", None, None, None, None, None, None)]
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "a")]
    assert "0 of them with a source model." in dataset.contents.layout


def test_a_subset_that_rewardbench_does_not_have_has_no_section(opened: Callable[..., Dataset]) -> None:
    dataset = opened([{"prompt": "p", "subset": "Hep-Rust", "candidates": [(None, "a", 1.0)]}])
    assert rows(dataset, "SELECT subset, section FROM prompts") == [("Hep-Rust", None)]


def test_a_candidate_needs_a_text_or_a_reward_and_keeps_its_number(opened: Callable[..., Dataset]) -> None:
    table = pa.table(
        {
            "prompt": ["p", "q"],
            "response_2": ["two", None],
            "response_7": ["seven", None],
            "reward_7": [7.0, None],
            "reward_9": [None, 9.0],
        }
    )
    dataset = opened(table)
    assert rows(dataset, CANDIDATES) == [(1, 2, None, "two"), (1, 7, None, "seven"), (2, 9, None, None)]
    assert rows(dataset, REWARDS) == [(1, 2, None), (1, 7, 7.0), (2, 9, 9.0)]
    assert rows(dataset, "SELECT candidates, summaries['reward'].scored FROM prompts ORDER BY prompt_id") == [
        (2, 1),
        (1, 1),
    ]


def test_any_number_of_candidates_is_read_to_the_last(opened: Callable[..., Dataset]) -> None:
    sizes = (1, 24, 25, 26, 51)
    pools = [[(f"m{i}", f"text {i}", float(i)) for i in range(1, n + 1)] for n in sizes]
    dataset = opened(*([{"prompt": "p", "candidates": pool}] for pool in pools))  # a file of n columns each
    numbered = [(prompt, i) for prompt, n in enumerate(sizes, start=1) for i in range(1, n + 1)]
    assert rows(dataset, CANDIDATES) == [(prompt, i, f"m{i}", f"text {i}") for prompt, i in numbered]
    assert rows(dataset, REWARDS) == [(prompt, i, float(i)) for prompt, i in numbered]


def test_a_thousand_candidates_are_brought_into_shape(tmp_path: Path) -> None:
    file = tmp_path / "wide.parquet"
    pq.write_table(wide_table([{"prompt": "p", "candidates": [("m", f"t{i}", i / 8) for i in range(1000)]}]), file)
    connection = database.connect("300MB")
    columns = database.columns(connection, [file])
    found = layout(detect_mapping(columns, "wide"), columns, "wide", sql_text.parquet([file]), "5")
    counted = "SELECT count(*), count(DISTINCT candidate), min(candidate), max(candidate), sum(reward)"
    # 1/8 of 0 + 1 + … + 999
    assert connection.sql(f"{counted} FROM ({found.rewards})").fetchall() == [(1000, 1000, 1, 1000, 62437.5)]
    last = connection.sql(found.candidates[-1]).fetchall()
    assert last == [(5, i, "m", f"t{i - 1}") for i in range(976, 1001)]


DICTIONARY = pa.dictionary(pa.int16(), pa.string())


def test_texts_and_rewards_may_have_any_arrow_type(opened: Callable[..., Dataset]) -> None:
    types = (
        (pa.string(), pa.float64()),
        (pa.large_string(), pa.float32()),
        (DICTIONARY, pa.float16()),
        (pa.string(), pa.int8()),
        (pa.large_string(), pa.int64()),
        (DICTIONARY, pa.uint32()),
    )
    columns = {"prompt": ["p", "p"], "response_1": ["é", None], "response_1_model": ["ant", "ant"]}
    shards = [
        pa.table({name: pa.array(values, text) for name, values in columns.items()}).append_column(
            "reward_1", pa.array([3, 2], pa.int8()).cast(reward)
        )
        for text, reward in types
    ]
    dataset = opened(*shards)
    firsts = range(1, 2 * len(types), 2)
    assert rows(dataset, CANDIDATES) == [
        row for first in firsts for row in ((first, 1, "ant", "é"), (first + 1, 1, "ant", None))
    ]
    assert rows(dataset, REWARDS) == [row for first in firsts for row in ((first, 1, 3.0), (first + 1, 1, 2.0))]


def test_a_float32_reward_keeps_its_value(opened: Callable[..., Dataset]) -> None:
    dataset = opened(pa.table({"prompt": ["p"], "response_1": ["a"], "reward_1": pa.array([0.1], pa.float32())}))
    assert rows(dataset, "SELECT reward FROM scores") == [(0.10000000149011612,)]


PERSONAL_LLM = (
    "gemma_2b",
    "gemma_7b",
    "mistral_raft",
    "mistral_ray",
    "mistral_weqweasdas",
    "llama3_sfairx",
    "oasst_deberta_v3",
    "beaver_7b",
    "oasst_pythia_7b",
    "oasst_pythia_1b",
)


def test_personal_llm_has_ten_scorers_of_the_same_candidates(opened: Callable[..., Dataset]) -> None:
    columns: dict[str, list[object]] = {"prompt": ["p"], "subset": ["hh_rlhf"], "prompt_id": [7]}
    for i in range(1, 9):
        columns |= {f"response_{i}": [f"text {i}"], f"response_{i}_model": [f"model {i}"]}
        for place, scorer in enumerate(PERSONAL_LLM):
            columns[f"response_{i}_{scorer}"] = [float(i if place % 2 else -i)]
    dataset = opened(pa.table(columns))
    assert dataset.contents.scorers == (*PERSONAL_LLM, "mean percentile")
    assert rows(dataset, PROMPTS)[0][:3] == ("7", "p", "hh_rlhf")
    assert rows(dataset, CANDIDATES) == [(1, i, f"model {i}", f"text {i}") for i in range(1, 9)]
    ranks = "SELECT rank FROM scores WHERE scorer = '{}' ORDER BY candidate"
    assert rows(dataset, ranks.format("gemma_2b")) == [(float(rank),) for rank in (1, 2, 3, 4, 5, 6, 7, 8)]
    assert rows(dataset, ranks.format("oasst_pythia_1b")) == [(float(rank),) for rank in (8, 7, 6, 5, 4, 3, 2, 1)]


def test_a_candidate_that_only_the_second_scorer_scored_is_one(opened: Callable[..., Dataset]) -> None:
    table = pa.table(
        {
            "prompt": ["p"],
            "response_1": ["a"],
            "response_1_first": [1.0],
            "response_1_second": [2.0],
            "response_2": pa.array([None], pa.string()),
            "response_2_second": [3.0],
        }
    )
    dataset = opened(table)
    assert rows(
        dataset, "SELECT scorer, candidate, reward, rank FROM scores WHERE scorer != 'mean percentile' ORDER BY ALL"
    ) == [
        ("first", 1, 1.0, 1.0),
        ("first", 2, None, None),
        ("second", 1, 2.0, 2.0),
        ("second", 2, 3.0, 1.0),
    ]


def test_numbers_from_0_and_with_leading_zeros_are_candidates_from_1(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table({"prompt": ["p"], "response_00": ["a"], "response_01": ["b"], "score_00": [1], "score_01": [2]})
    )
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "a"), (1, 2, None, "b")]
    assert rows(dataset, REWARDS) == [(1, 1, 1.0), (1, 2, 2.0)]
    assert "numbered from 0 in the file and from 1 here" in dataset.contents.layout


@pytest.mark.parametrize(
    "kind", ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL(8,3)", '"NULL"']
)
def test_a_reward_may_be_any_kind_of_number(kind: str) -> None:
    columns = {"prompt": "VARCHAR", "response_1": "VARCHAR", "reward_1": kind}
    assert set(layout(detect_mapping(columns, "f"), columns, "f", "shard", "1").columns) == set(columns)


@pytest.mark.parametrize(
    "kind", ["VARCHAR", "BOOLEAN", "DATE", "INTEGER[]", "DOUBLE[]", "STRUCT(a DOUBLE)", "INTERVAL"]
)
def test_a_reward_may_be_nothing_else(kind: str) -> None:
    columns = {"prompt": "VARCHAR", "response_1": "VARCHAR", "reward_1": "DOUBLE", "reward_2": kind}
    with pytest.raises(LayoutError) as raised:
        detect_mapping(columns, "f")
    assert str(raised.value) == f"f: the column reward_2 holds {kind}, not numbers. Convert the rewards to numbers."
