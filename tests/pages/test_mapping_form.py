"""Saying which column is what, on the page of a dataset that cannot be opened, and from the Overview."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import said

ODD = pa.table({"task": ["Say <b>hi</b>", "Bye"], "reply": ["a", "b"], "elo": [1.0, 2.0], "cost": [3.0, 4.0]})


@pytest.fixture
def odd(tmp_path: Path, visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Visit a dataset whose columns nobody understands, with a cache of its own."""
    pq.write_table(ODD, tmp_path / "odd.parquet")
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    return lambda **parameters: visit(data=str(tmp_path / "odd.parquet"), **parameters)


def labels(at: AppTest) -> list[str]:
    return [one.label for one in (*at.selectbox, *at.multiselect)]


def test_columns_that_are_not_understood_are_said_and_remembered(odd: Callable[..., AppTest], tmp_path: Path) -> None:
    at = odd()
    assert "has no column that could be a response" in said(at)
    assert labels(at) == ["Layout"]
    at.selectbox(key="mapping_layout").set_value("one row a candidate").run()
    assert "Prompt" in labels(at)
    assert at.button(key="mapping_use").disabled
    at.selectbox(key="mapping_prompt").set_value("task").run()
    at.selectbox(key="mapping_response").set_value("reply").run()
    assert at.multiselect(key="mapping_rewards").value == ["cost"]
    assert at.multiselect(key="mapping_lower_is_better").value == ["cost"]
    assert "cost: lower is better, shown as −cost." in said(at)
    assert "Say &lt;b&gt;hi&lt;/b&gt;" in said(at)
    at.multiselect(key="mapping_rewards").set_value(["elo"]).run()
    assert at.dataframe[0].value["elo"].tolist() == [1.0]
    at.button(key="mapping_use").click().run()
    assert [title.value for title in at.title] == ["Overview"]
    assert "columns" not in at.query_params
    assert "one row a candidate: rows with exactly the same prompt text" in said(at)
    assert [file.suffix for file in (tmp_path / "cache").glob("columns-*")] == [".toml"]
    assert [title.value for title in odd().title] == ["Overview"]


def test_what_was_said_of_a_jsonl_file_stays_when_it_changes_and_is_converted_anew(
    tmp_path: Path, visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "odd.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ODD.to_pylist()))
    mapping = '{"layout": "one row a candidate", "prompt": "task", "response": "reply", "rewards": ["elo"]}'
    at = visit(data=str(file), columns=mapping)
    at.button(key="mapping_use").click().run()
    assert ">2 prompts<" in said(at)
    file.write_text("\n".join(json.dumps(row | {"task": f"{row['task']}!"}) for row in [*ODD.to_pylist()] * 2))
    at.run()
    assert not at.error
    assert "Column mapping from" in said(at)
    assert ">2 prompts<" in said(at)
    assert ">4 candidates (2 per prompt)<" in said(at)
    assert len([*(tmp_path / "cache").glob("converted-*/")]) == 2


def test_a_link_to_a_mapping_opens_the_form_with_it(odd: Callable[..., AppTest]) -> None:
    at = odd(columns='{"layout": "one row a candidate", "prompt": "task", "response": "reply", "rewards": ["cost"]}')
    assert at.selectbox(key="mapping_response").value == "reply"
    assert at.dataframe[0].value["−cost"].tolist() == [-3.0]
    assert at.code[0].value.splitlines()[0] == 'layout = "one row a candidate"'


@pytest.mark.parametrize("link", ["nonsense", '["prompt"]', '{"promt": "task"}', '{"prompt": 3}', '{"layout": "tall"}'])
def test_a_link_that_says_nonsense_of_the_columns_is_said(odd: Callable[..., AppTest], link: str) -> None:
    at = odd(columns=link)
    assert not at.exception
    assert labels(at) == ["Layout"]
    assert "This link" in said(at)


def test_the_form_opens_from_the_overview_with_what_was_detected(
    visit: Callable[..., AppTest], tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path))
    at = visit()
    at.button(key="columns").click().run()
    assert at.query_params["columns"] == "{}"
    assert at.selectbox(key="mapping_layout").value == "numbered wide"
    assert at.selectbox(key="mapping_response").value == "response_{i}"
    at.selectbox(key="mapping_model").set_value("").run()
    assert at.query_params["columns"] == '{"model": ""}'
    at.button(key="mapping_use").click().run()
    assert "0 of them with a source model" in said(at)
    assert "Column mapping from</span> · " in said(at)
    at.button(key="columns").click().run()
    at.button(key="mapping_forget").click().run()
    assert "3 of them" not in said(at)
    assert "each with its source model" in said(at)


def test_the_sample_offers_no_form(visit: Callable[..., AppTest]) -> None:
    at = visit(data="sample")
    assert "columns" not in [button.key for button in at.button]
