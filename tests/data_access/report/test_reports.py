"""A report is a value: changed by making another, and the same again from its JSON file."""

import json
from dataclasses import replace
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.report.reports import (
    MOST_PARTS,
    SENTENCE,
    Part,
    Report,
    ReportError,
    State,
    base_of,
    from_json,
    key_of,
    to_json,
)
from tests.data_access.report.conftest import part, report

EMPTY = Report(State("sample"))
THREE = replace(EMPTY, parts=(part("models"), part("prompt", id="2"), part("checks")))


def pages(found: Report) -> list[str]:
    return [one.page for one in found.parts]


def test_parts_are_added_moved_taken_out_and_commented() -> None:
    assert pages(THREE.with_part(part("scorers"))) == ["models", "prompt", "checks", "scorers"]
    assert pages(THREE.moved(2, -1)) == ["models", "checks", "prompt"]
    assert pages(THREE.moved(0, 5)) == ["prompt", "checks", "models"]
    assert pages(THREE.moved(0, -1)) == ["models", "prompt", "checks"]
    assert pages(THREE.without(1)) == ["models", "checks"]
    said = THREE.with_sentence(1, "Look\x07 here.\nAnd there.")
    assert [one.sentence for one in said.parts] == ["", "Look\ufffd here.\nAnd there.", ""]
    assert len(THREE.with_sentence(0, "x" * 5000).parts[0].sentence) == SENTENCE
    assert THREE.with_title("  Our\nscorer ").title == "Our scorer"
    assert THREE.with_title(" ").title == "Findings"
    with pytest.raises(ReportError, match="at most 50 parts"):
        replace(EMPTY, parts=(part("models"),) * MOST_PARTS).with_part(part("models"))


def test_a_link_leads_back_to_the_view_with_its_dataset(tiny: Dataset) -> None:
    found = report(tiny, base="https://team.example/rewards")
    assert found.link(part("prompt", id="2", q="a & b")) == (
        "https://team.example/rewards/prompt?data=data&id=2&q=a+%26+b"
    )
    assert replace(found, base="").link(part("overview")) == "/?data=data"


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("http://localhost:8501/", "http://localhost:8501"),
        ("https://team.example/rewards/prompt", "https://team.example/rewards/prompt"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://name:word@team.example/", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_the_web_are_linked_to(address: str, base: str) -> None:
    assert base_of(address) == base


def test_a_report_is_the_same_again_from_its_file(tiny: Dataset) -> None:
    there = report(
        tiny,
        part("prompt", "Siehe „oben“.\n日本", "ab", id="1", flag="empty"),
        part("models"),
        base="http://localhost:1",
    )
    assert from_json(to_json(there)) == there
    state = json.loads(to_json(there))["dataset"]
    assert state == {
        "address": "data",
        "revision": "",
        "fingerprint": tiny.fingerprint,
        "prompts": 2,
        "candidates": 6,
    }


PLAIN: dict[str, Any] = {"rewardscope_report": 1, "dataset": {"address": "sample"}}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("{", "The report is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"title": "\\ud800"}', "half a character"),
        ("[]", "must be a JSON object with rewardscope_report: 1"),
        ({"rewardscope_report": 2}, "must be a JSON object with rewardscope_report: 1"),
        ({"rewardscope_report": 1}, "dataset must be an object"),
        (PLAIN | {"script": "x"}, "'script' is not a field of a report"),
        (PLAIN | {"dataset": {"address": "sample", "path": "/"}}, "'path' is not a field of the report's dataset"),
        (PLAIN | {"dataset": {"address": "sample", "prompts": -1}}, "prompts must be a whole number"),
        (PLAIN | {"title": 3}, "title must be a text"),
        (PLAIN | {"parts": {}}, "parts must be a list of at most 50"),
        (PLAIN | {"parts": [{"page": "models"}] * 51}, "parts must be a list of at most 50"),
        (PLAIN | {"parts": [{}]}, "Part 1 must be an object with at least the text page"),
        (PLAIN | {"parts": [{"page": "models", "html": ""}]}, "'html' is not a field of part 1"),
        (PLAIN | {"parts": [{"page": "models", "parameters": []}]}, "parameters must be an object"),
        (PLAIN | {"parts": [{"page": "models", "parameters": {"of": "Chat"}}]}, "'of' must be a list of at most"),
        (PLAIN | {"parts": [{"page": "models", "parameters": {"of": ["x" * 5001]}}]}, "'of' must be a list of at most"),
        (PLAIN | {"parts": [{"page": "x" * 41}]}, "page must be a text of at most 40 characters"),
        (PLAIN | {"title": "x" * 1_000_000}, "at most 1,000,000 are read"),
    ],
)
def test_a_damaged_or_hostile_file_is_a_sentence(written: str | dict[str, Any], sentence: str) -> None:
    text = written if isinstance(written, str) else json.dumps(written)
    with pytest.raises(ReportError, match=sentence):
        from_json(text)


def test_a_foreign_base_and_control_characters_do_not_come_in() -> None:
    found = from_json(
        json.dumps(PLAIN | {"base": "javascript:alert(1)", "parts": [{"page": "a\x00", "sentence": "b\x1b"}]})
    )
    assert found.base == ""
    assert found.parts == (Part("a\ufffd", {}, "b\ufffd"),)


def test_a_text_is_known_again_by_its_key() -> None:
    assert key_of("Name a prime.") == key_of("Name a prime.") != key_of("Name a prime!")
    assert (key_of(None), len(key_of(""))) == ("", 32)
