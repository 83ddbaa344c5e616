"""Published scores: found by text in the forms that they come in, and held against the rewards of exact matches only."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.errors import SourceError
from data_access.questions.published_scores import Score, published

Open = Callable[..., Dataset]

ROWS = [
    {
        "prompt": "Name a prime.",
        "subset": "hep-go",
        "rewardbench_chosen": "Two.",
        "rewardbench_rejected": "Nine,  as I said.",
        "candidates": [
            ("ant", "Two.", 3.0),
            ("bee", "Three.", 1.0),
            ("cow", "Two.", 2.0),
            ("dog", "Nine, as I said.", 0.0),
        ],
    },
    {
        "prompt": "Name a colour.",
        "subset": "hep-rust",
        "rewardbench_chosen": "Red.",
        "rewardbench_rejected": "Sky blue, like a clear morning.",
        "candidates": [("ant", "Red.", 5.0), ("bee", "Teal.", 4.0)],
    },
]


def formatted(prompt: str, response: str) -> str:
    return f"<s>[INST] {prompt} [/INST] {response}</s>"


def messages(prompt: str, response: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]


def written(folder: Path, rows: list[tuple[Any, Any, Any, Any, str]], **others: Any) -> Path:
    """(text chosen, text rejected, score chosen, score rejected, subset), as the published files hold them."""
    names = ("text_chosen", "text_rejected", "scores_chosen", "scores_rejected", "subset")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    (folder / "model.json").write_text(
        json.dumps(columns | {"id": list(range(len(rows))), "model": "a/model"} | others)
    )
    return folder / "model.json"


def test_texts_are_found_in_a_template_or_in_messages_and_held_against_exact_matches(
    opened: Open, tmp_path: Path
) -> None:
    prime, colour = ROWS[0]["prompt"], ROWS[1]["prompt"]
    file = written(
        tmp_path,
        [
            (formatted(prime, "Two."), formatted(prime, "Nine, as I said."), 2.0, [-1.0], "hep-go"),
            (messages(colour, "Red."), messages(colour, "Sky blue, like a clear morning."), [[5.5]], None, "hep-rust"),
        ],
    )
    found = published(opened(ROWS), "reward", file)
    assert found.model == "a/model"
    assert found.scores == {
        (1, "chosen"): Score(2.0, 2.0, True),
        (1, "rejected"): Score(-1.0, -1.0, False),
        (2, "chosen"): Score(5.5, 5.5, True),
    }
    # Two. is two candidates, with the mean reward 2.5: −0.5; Red. is one, with 5: +0.5. Nine is no exact match.
    assert (found.n, found.mean_difference, found.mean_absolute_difference) == (2, 0.0, 0.5)


def test_the_end_of_a_longer_response_or_another_prompt_is_no_match(opened: Open, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        [
            (formatted("Name a prime.", "Not nine but Two."), formatted("Name a prim.", "Two."), 1.0, 2.0, "hep-go"),
            (formatted("Name a colour. Now.", "Red."), "Red.", 1.0, 2.0, "hep-rust"),
        ],
    )
    found = published(opened(ROWS), "reward", file)
    assert found.scores == {}
    assert (found.n, found.mean_difference) == (0, None)


def test_several_scores_of_a_text_are_a_range_and_its_own_subset_goes_first(opened: Open, tmp_path: Path) -> None:
    two, red = formatted("Name a prime.", "Two."), formatted("Name a colour.", "Red.")
    file = written(
        tmp_path, [(two, red, 1.0, 7.0, "hep-go"), (two, red, 2.0, 8.0, "hep-go"), (two, red, 9.0, 9.0, "other")]
    )
    found = published(opened(ROWS), "reward", file)
    assert found.scores == {(1, "chosen"): Score(1.0, 2.0, True), (2, "chosen"): Score(7.0, 9.0, True)}


@pytest.mark.parametrize(
    "content", ["", "[]", "7", '{"text_chosen": ["a"]}', '{"text_chosen": 1, "text_rejected": 2}', "{", b"\xff\xfe{"]
)
def test_a_file_of_another_form_is_refused_by_name(opened: Open, tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "wrong.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SourceError) as raised:
        published(opened(ROWS), "reward", file)
    assert f"{file} does not hold published scores" in str(raised.value)
    assert "lists text_chosen, text_rejected, scores_chosen, scores_rejected" in str(raised.value)


def test_lists_that_differ_in_length_are_refused(opened: Open, tmp_path: Path) -> None:
    file = written(tmp_path, [("a", "b", 1.0, 2.0, "hep-go")], scores_chosen=[1.0, 2.0])
    with pytest.raises(SourceError, match="its lists differ in length"):
        published(opened(ROWS), "reward", file)
