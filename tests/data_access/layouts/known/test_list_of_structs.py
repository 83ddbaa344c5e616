"""Lists of structs, from files of the published schemas."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data_access import database, sql_text
from data_access.dataset import Dataset
from data_access.layouts import detect_mapping, layout
from tests.data_access.preparing.test_preparation import rows

CANDIDATES = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"
RANKS = "SELECT scorer, prompt_id, candidate, reward, rank FROM scores WHERE scorer != 'mean percentile' ORDER BY ALL"
RATED = pa.struct([("Input", pa.string()), ("Rating", pa.string()), ("Rationale", pa.string())])
COMPLETION = pa.struct(
    [
        ("annotations", pa.struct([("helpfulness", RATED), ("honesty", RATED)])),
        ("custom_system_prompt", pa.string()),
        ("model", pa.string()),
        ("principle", pa.string()),
        ("response", pa.string()),
        ("critique", pa.string()),
        ("overall_score", pa.float64()),
        ("fine-grained_score", pa.float64()),
    ]
)
ANSWER = pa.struct([("answer", pa.string()), ("model", pa.string()), ("rank", pa.float64())])


def completion(model: str, response: str | None, overall: float | None, fine: float | None) -> dict[str, object]:
    return {"model": model, "response": response, "overall_score": overall, "fine-grained_score": fine}


def test_ultrafeedback_has_two_scores_of_each_completion(opened: Callable[..., Dataset]) -> None:
    completions = [
        [
            completion("bard", "Two.", 8.5, 4.25),
            completion("alpaca-7b", "Nine.", 2.0, 4.5),
            completion("x", None, None, None),
        ],
        [],
        None,
    ]
    dataset = opened(
        pa.table(
            {
                "source": ["evol_instruct", "flan_v2", "flan_v2"],
                "instruction": ["Name a prime.", "Say nothing.", "Nor here."],
                "models": [["bard", "alpaca-7b", "x"], [], []],
                "completions": pa.array(completions, pa.list_(COMPLETION)),
                "correct_answers": [["None"], [], []],
                "incorrect_answers": [["None"], [], []],
            }
        )
    )
    assert rows(dataset, "SELECT prompt, subset, candidates FROM prompts ORDER BY prompt_id") == [
        ("Name a prime.", "evol_instruct", 2),
        ("Say nothing.", "flan_v2", 0),
        ("Nor here.", "flan_v2", 0),
    ]
    assert rows(dataset, CANDIDATES) == [(1, 1, "bard", "Two."), (1, 2, "alpaca-7b", "Nine.")]
    assert rows(dataset, RANKS) == [
        ("fine-grained_score", 1, 1, 4.25, 2.0),
        ("fine-grained_score", 1, 2, 4.5, 1.0),
        ("overall_score", 1, 1, 8.5, 1.0),
        ("overall_score", 1, 2, 2.0, 2.0),
    ]
    assert dataset.contents.scorers == ("overall_score", "fine-grained_score", "mean percentile")
    assert dataset.contents.layout == (
        "list of structs: one row per prompt, its candidates in a list of structs. prompt: instruction · "
        "list of candidates: completions · response: response · source model: model · "
        "rewards: overall_score, fine-grained_score · subset: source"
    )


def test_nectar_ranks_are_turned_so_that_rank_1_is_best(opened: Callable[..., Dataset]) -> None:
    answers = [
        {"answer": "Red.", "model": "gpt-4", "rank": 1.0},
        {"answer": "Blue.", "model": "vicuna", "rank": 3.0},
        {"answer": "Sky.", "model": "llama", "rank": 2.0},
        {"answer": None, "model": "none", "rank": None},
    ]
    dataset = opened(
        pa.table(
            {
                "prompt": ["\n\nHuman: Name a colour.\n\nAssistant: "],
                "answers": pa.array([answers], pa.list_(ANSWER)),
                "turns": [1],
                "num_responses": [4],
                "source": [["lmsys-chat-1m"]],
                "good_natured": [True],
            }
        )
    )
    assert rows(dataset, CANDIDATES) == [(1, 1, "gpt-4", "Red."), (1, 2, "vicuna", "Blue."), (1, 3, "llama", "Sky.")]
    assert rows(dataset, RANKS) == [
        ("−rank", 1, 1, -1.0, 1.0),
        ("−rank", 1, 2, -3.0, 3.0),
        ("−rank", 1, 3, -2.0, 2.0),
    ]
    assert dataset.notices == ("rank: lower is better, shown as −rank.",)


def test_the_direction_may_be_said_otherwise(opened: Callable[..., Dataset], mapped: Callable[..., None]) -> None:
    mapped(lower_is_better=[])
    answers = [[{"answer": "a", "model": "m", "rank": 1.0}, {"answer": "b", "model": "m", "rank": 2.0}]]
    dataset = opened(pa.table({"prompt": ["p"], "answers": pa.array(answers, pa.list_(ANSWER))}))
    assert rows(dataset, RANKS) == [("rank", 1, 1, 1.0, 2.0), ("rank", 1, 2, 2.0, 1.0)]
    assert dataset.notices == ()


def test_invalid_unicode_inside_structs_is_replaced(opened: Callable[..., Dataset]) -> None:
    texts = pa.array([b"caf\xe9", b"tea", None], pa.binary()).view(pa.string())
    structs = pa.StructArray.from_arrays([texts, pa.array([1.0, 2.0, None])], names=["response", "score"])
    dataset = opened(
        pa.table(
            {"prompt": ["p", "q"], "completions": pa.ListArray.from_arrays(pa.array([0, 2, 3], pa.int32()), structs)}
        )
    )
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "caf\ufffd"), (1, 2, None, "tea")]


def test_forty_thousand_candidates_are_brought_into_shape(tmp_path: Path) -> None:
    file = tmp_path / "structs.parquet"
    answers = [{"answer": f"t{i}", "model": "ant", "rank": float(i)} for i in range(40_000)]
    pq.write_table(pa.table({"prompt": ["p"], "answers": pa.array([answers], pa.list_(ANSWER))}), file)
    connection = database.connect("300MB")
    columns = database.columns(connection, [file])
    found = layout(detect_mapping(columns, "structs"), columns, "structs", sql_text.parquet([file]), "5")
    for select in (*found.candidates, found.rewards):
        numbers = f"SELECT count(*), count(DISTINCT candidate), min(candidate), max(candidate) FROM ({select})"
        assert connection.sql(numbers).fetchall() == [(40_000, 40_000, 1, 40_000)]
