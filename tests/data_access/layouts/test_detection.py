"""Choosing among the layouts: columns that fit none, or several, or that cannot be what a mapping says."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from data_access.errors import LayoutError
from data_access.layouts import ColumnMapping, Layout, column_names, detect_mapping, detection
from data_access.layouts.column_types import Columns, is_number
from data_access.layouts.detection import LayoutModule
from data_access.layouts.layout import any_column

TEXT, NUMBER, LIST, NUMBERS = "VARCHAR", "DOUBLE", "VARCHAR[]", "DOUBLE[]"
HOW = "Say which column is what, here or in a file rewardscope.toml beside it."
RESPONSES = (
    "expected response_1, response_2, …; a list of texts such as responses; a list of structs such as completions; "
    "a column such as response; a column chosen."
)


def refusal(columns: dict[str, str], said: ColumnMapping | None = None) -> str:
    with pytest.raises(LayoutError) as raised:
        detect_mapping(columns, "f", said)
    return str(raised.value)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (
            {"prompt": TEXT, "reward_1": NUMBER},
            f"f has no column that could be a response: {RESPONSES} Found: prompt, reward_1. {HOW}",
        ),
        (
            {f"c{i}": TEXT for i in range(1, 16)},
            f"f has no column that could be a response: {RESPONSES} "
            f"Found: c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 and 3 more. {HOW}",
        ),
        (
            {"prompt": TEXT, "response_1": TEXT, "reward": NUMBER},
            "f has no column that could be a reward: expected reward_1, reward_2, …. "
            f"Found: prompt, response_1, reward. {HOW}",
        ),
        (
            {"prompt": TEXT, "responses": LIST},
            "f has no column that could be a reward: expected a list of numbers such as rewards or scores. "
            f"Found: prompt, responses. {HOW}",
        ),
        (
            {"task": TEXT, "response_1": TEXT, "reward_1": NUMBER},
            "f has no column that could be the prompt: expected prompt, instruction, problem, question, query, input. "
            f"Found: task, response_1, reward_1. {HOW}",
        ),
        (
            {"prompt": TEXT, "chosen": TEXT, "rejected": TEXT},
            "f holds pairs (chosen and rejected) without scores, so there is nothing to rank. Score both texts with a "
            "reward model, write the scores into the columns chosen_score and rejected_score, and open it again.",
        ),
    ],
    ids=[
        "no response",
        "many columns",
        "no numbered reward",
        "no list of rewards",
        "no prompt",
        "pairs without scores",
    ],
)
def test_columns_that_fit_no_layout_are_refused_with_what_was_found(columns: dict[str, str], sentence: str) -> None:
    assert refusal(columns) == sentence


def test_columns_that_fit_two_layouts_are_described_in_both() -> None:
    columns = {"prompt": TEXT, "response": TEXT, "score": NUMBER, "responses": LIST, "scores": NUMBERS}
    assert refusal(columns) == (
        "f could be read in 2 ways: parallel lists: one row per prompt, its candidates in lists. prompt: prompt · "
        "response: responses · rewards: scores; or one row a candidate: rows with exactly the same prompt text are one "
        f"prompt's candidates. prompt: prompt · response: response · rewards: score. {HOW}"
    )
    assert detect_mapping(columns, "f", ColumnMapping(layout="parallel lists")).rewards == ("scores",)
    assert detect_mapping(columns, "f", ColumnMapping(layout="one row a candidate")).rewards == ("score",)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            ColumnMapping(layout="tall", origin="x.toml"),
            "x.toml: there is no layout tall. The layouts are numbered wide, parallel lists, list of structs, "
            "one row a candidate, pairs.",
        ),
        (
            ColumnMapping(prompt="quest", origin="x.toml"),
            "x.toml: prompt is said to be quest, but f has no such column. Found: prompt, response, score, rank, who_1.",
        ),
        (
            ColumnMapping(rewards=("score", "elo"), origin="x.toml"),
            "x.toml: rewards is said to be elo, but f has no such column or field. "
            "Found: who_{i}, prompt, response, score, rank, who_1.",
        ),
        (
            ColumnMapping(rewards=("prompt",)),
            "f: the column prompt holds VARCHAR, not numbers. Convert the rewards to numbers.",
        ),
        (ColumnMapping(response="score"), f"f: the column score holds DOUBLE, not texts. {HOW}"),
        (
            ColumnMapping(layout="parallel lists", response="response", rewards=("score",)),
            f"f: the column response holds VARCHAR, not lists of texts. {HOW}",
        ),
        (
            ColumnMapping(layout="pairs"),
            f"f has no column that could be a chosen text: expected a column chosen. "
            f"Found: prompt, response, score, rank, who_1. {HOW}",
        ),
        (
            ColumnMapping(
                layout="pairs",
                chosen="prompt",
                rejected="response",
                rewards=("score", "rank"),
                rejected_rewards=("rank",),
            ),
            "f: rewards and rejected_rewards must name as many columns, in the same order.",
        ),
        (
            ColumnMapping(model="who_{i}", origin="x.toml"),
            f"x.toml: model is said to be who_{{i}}, which cannot be in this layout. {HOW}",
        ),
        (
            ColumnMapping(prompt="who_{i}", origin="x.toml"),
            "x.toml: prompt is said to be who_{i}, but f has no such column. "
            "Found: prompt, response, score, rank, who_1.",
        ),
        (
            ColumnMapping(layout="list of structs", candidates="prompt", response="prompt", rewards=("score",)),
            f"f: the column prompt holds VARCHAR, not a list of structs. {HOW}",
        ),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(said: ColumnMapping, sentence: str) -> None:
    assert refusal({"prompt": TEXT, "response": TEXT, "score": NUMBER, "rank": NUMBER, "who_1": TEXT}, said) == sentence


def test_what_is_said_goes_before_what_is_found_and_nothing_is_said_with_an_empty_name() -> None:
    columns = {"prompt": TEXT, "question": TEXT, "response": TEXT, "model": TEXT, "score": NUMBER, "cost": NUMBER}
    found = detect_mapping(columns, "f", ColumnMapping(prompt="question", model="", lower_is_better=()))
    assert (found.prompt, found.response, found.model) == ("question", "response", "")
    assert (found.rewards, found.lower_is_better) == (("score", "cost"), ())


def test_a_list_of_structs_names_its_fields_where_one_is_not_there() -> None:
    columns = {"prompt": TEXT, "completions": "STRUCT(response VARCHAR, score DOUBLE)[]"}
    said = ColumnMapping(candidates="completions", response="reply", origin="x.toml")
    assert refusal(columns, said) == (
        "x.toml: response is said to be reply, but f has no such column or field. "
        "Found: response, score, prompt, completions."
    )


def chats() -> LayoutModule:
    """A made-up layout: conversations in `chat`, their rewards in `stars`."""

    def detected(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
        texts, stars = "chat" if "chat" in columns else "", ("stars",) if "stars" in columns else ()
        return replace(given_mapping, layout="chats", response=texts, rewards=stars)

    def layout(mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout:
        return Layout(mapping, "chats", column_names.scorers(mapping, str.upper), "", (), "", ())

    return cast(
        LayoutModule,
        SimpleNamespace(
            NAME="chats",
            REQUIRED=("response", "rewards"),
            EXPECTED={"response": "a column chat", "rewards": "a column stars"},
            ROLES=("response", "rewards"),
            KINDS={"rewards": (is_number, "numbers")},
            CONVERSATION="response",
            named=any_column,
            wrong=lambda mapping, file: "" if mapping.rewards else f"{file} holds chats without stars.",
            detected=detected,
            layout=layout,
        ),
    )


def test_a_layout_is_added_by_its_module_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = "STRUCT(role VARCHAR, content VARCHAR)[]"
    monkeypatch.setitem(detection.LAYOUTS, "chats", chats())
    columns = {"chat": messages, "stars": NUMBER}
    assert detect_mapping(columns, "f") == ColumnMapping(layout="chats", response="chat", rewards=("stars",))
    assert detection.layout(detect_mapping(columns, "f"), columns, "f", "r", "1").scorers == ("STARS",)
    assert refusal({"chat": messages}) == "f holds chats without stars."
    assert refusal({"chat": TEXT, "stars": NUMBER}).startswith(
        "f has no column that could be the prompt: expected prompt,"
    )
    assert refusal({"chat": messages, "stars": TEXT}) == (
        "f: the column stars holds VARCHAR, not numbers. Convert the rewards to numbers."
    )
