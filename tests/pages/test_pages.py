"""Each page renders, renders what is empty or unknown, and each control changes the link and what is shown."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from data_access import database
from tests.pages.conftest import said

Visit = Callable[..., AppTest]
PAGES = ("overview.py", "prompts.py", "prompt.py", "compare.py", "models.py", "best_of_n.py", "sql.py")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_renders_the_sample_after_the_overview(visit: Visit, page: str) -> None:
    at = visit(data="sample").switch_page(page).run()
    assert not at.exception
    assert not at.error
    assert at.title


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prompt", ["1", "2", "3"])
def test_every_page_renders_every_kind_of_prompt(visit: Visit, page: str, prompt: str) -> None:
    at = visit(page, id=prompt)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("page", PAGES)
def test_a_dataset_that_cannot_be_opened_is_a_sentence_and_leaves_the_others_usable(
    visit: Visit, page: str, tiny: Path
) -> None:
    gone = tiny.with_name("gone.parquet")
    at = visit(page, data=f"{gone},{tiny}")
    assert not at.exception
    assert at.error[0].value == "This dataset cannot be opened."
    assert f"{gone} does not exist." in said(at)
    at.selectbox(key="dataset").select("tiny").run()
    assert not at.error
    assert at.query_params["data"] == "tiny"


def test_a_query_that_fails_is_a_sentence_and_leaves_the_dataset_open(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = visit("prompts.py")
    original, connected = database.statement, []
    monkeypatch.setattr(database, "connect", lambda *_, **__: connected.append(1))
    with monkeypatch.context() as patched:
        broken = {"questions/prompt_rows": "SELECT (40000 + len($ids))::SMALLINT, $scorer, $reach"}
        patched.setattr(database, "statement", lambda query: broken.get(query) or original(query))
        at.run()
    assert not at.exception
    assert [error.value for error in at.error] == ["This cannot be worked out."]
    assert (
        "The data has a value that is not what is expected there. Correct it in the source. (Type INT64 with"
        in said(at)
    )
    assert not at.run().error
    assert connected == []


def test_a_link_with_unknown_values_falls_back_with_a_word_about_each(visit: Visit) -> None:
    at = visit("prompts.py", section="Poetry", sort="beauty", spread="wide", flag="purple")
    words = said(at)
    for value in ("'Poetry'", "'beauty'", "'wide'", "'purple'"):
        assert value in words
    assert "**3** of 3 prompts" in words


def test_unknown_prompts_candidates_views_and_panes_fall_back_with_a_word(visit: Visit) -> None:
    words = said(visit("prompt.py", id="99", candidate="77", view="upside", reward="high"))
    assert "There is no prompt '99' here (1 to 3); prompt 1 is shown." in words
    assert "There is no candidate '77' for this prompt; the best is shown." in words
    assert "There is no view 'upside' here; raw is shown." in words
    assert "'high' is not a range of rewards" in words
    words = said(visit("compare.py", id="x", a="rank-9", diff="a-z"))
    assert "There is no prompt 'x' here" in words
    assert "Pane A: there is no 'rank-9' for this prompt; best is shown." in words
    assert "There is no diff 'a-z' here; off is shown." in words


def test_values_that_the_frame_and_the_page_do_not_know_are_each_said(visit: Visit) -> None:
    at = visit("compare.py", section="Poetry", id="99")
    assert not at.exception
    assert "There is no section 'Poetry' here; it was left out." in said(at)
    assert "There is no prompt '99' here (1 to 3); prompt 1 is shown." in said(at)


def test_the_overview_counts_and_says_what_stands_out(visit: Visit) -> None:
    at = visit()
    assert [(m.label, m.value) for m in at.metric] == [
        ("Prompts", "3"),
        ("Candidates", "7"),
        ("Scored", "85.7%"),
        ("Source models", "3"),
    ]
    words = said(at)
    assert "In 1 of 3 prompts the same text got different rewards, up to 1.00 apart" in words
    assert "1 of 7 candidates, in 1 prompt, have no reward" in words


def test_the_list_shows_one_row_a_prompt_in_the_order_asked_for(visit: Visit) -> None:
    at = visit("prompts.py", sort="-spread")
    table = at.dataframe[0].value
    assert table["prompt_id"].tolist() == [2, 1, 3]
    assert table["best"].tolist() == [4.0, 3.0, -1.0]
    assert table["pair"].tolist() == ["", "chosen = #1 and 1 more", ""]
    assert [sum(bins) for bins in table["rewards"]] == [2, 3, 1]


@pytest.mark.parametrize(
    ("key", "value", "parameter", "written", "left"),
    [
        ("filter_q", "colour", "q", "colour", [2]),
        ("filter_section", ["Reasoning"], "section", "Reasoning", [1]),
        ("filter_subset", ["house rules"], "subset", "house rules", [3]),
        ("filter_model", ["cow"], "model", "cow", [1]),
        ("filter_flag", ["empty"], "flag", "empty", [3]),
        ("filter_sort", "texts", "sort", "texts", [3, 2, 1]),
        ("filter_descending", True, "sort", "-id", [3, 2, 1]),
        ("filter_spread_at least", 1.5, "spread", "1.5..", [2]),
        ("filter_best_at most", 0.0, "best", "..0", [3]),
    ],
)
def test_each_filter_narrows_the_list_and_is_written_to_the_link(
    visit: Visit, key: str, value: object, parameter: str, written: str, left: list[int]
) -> None:
    at = visit("prompts.py")
    at.get_by_key(key).set_value(value).run()
    assert not at.exception
    assert at.query_params[parameter] == written
    assert at.dataframe[0].value["prompt_id"].tolist() == left
    assert visit("prompts.py", **{parameter: written}).dataframe[0].value.equals(at.dataframe[0].value)


def test_a_filter_in_force_is_named_on_every_page_and_can_be_taken_out(visit: Visit) -> None:
    at = visit("prompt.py", section="Chat", q="blue")
    assert "1 of 1" in said(at)
    assert "section: Chat" in said(at)
    at.button(key="remove_section").click().run()
    assert "section" not in at.query_params
    at = visit("prompt.py", section="Chat", q="blue")
    at.button(key="clear_filters").click().run()
    assert "section" not in at.query_params
    assert "q" not in at.query_params


def test_an_empty_list_says_what_to_change(visit: Visit) -> None:
    at = visit("prompts.py", q="no such words")
    assert not at.dataframe
    assert "No prompt passes these filters." in said(at)


def test_a_regular_expression_that_does_not_compile_says_so(visit: Visit) -> None:
    at = visit("prompts.py", q="(unclosed", **{"as": "regex"})
    assert not at.exception
    assert at.error[0].value == "The search cannot be carried out."
    assert "missing ): (unclosed" in said(at)


def test_next_and_previous_stay_within_the_filter(visit: Visit) -> None:
    at = visit("prompt.py", sort="-spread")
    assert at.title[0].value == "Prompt 2"
    assert "1 of 3" in said(at)
    assert at.button(key="previous_prompt").disabled
    at.button(key="next_prompt").click().run()
    assert at.title[0].value == "Prompt 1"
    assert at.query_params["id"] == "1"
    at.button(key="previous_prompt").click().run()
    assert at.title[0].value == "Prompt 2"


def test_a_prompt_outside_the_filter_says_so_and_next_leads_into_it(visit: Visit) -> None:
    at = visit("prompt.py", id="1", section="Chat")
    assert "outside the filter" in said(at)
    at.button(key="next_prompt").click().run()
    assert at.title[0].value == "Prompt 2"


def test_identical_texts_are_one_row_with_their_count_and_reward_range(visit: Visit) -> None:
    at = visit("prompt.py", id="1")
    table = at.dataframe[0].value
    assert table["candidate"].tolist() == [1, 2, 4]
    assert table["same_text"].tolist() == ["×2", "", ""]
    assert table["same_rewards"].tolist() == ["×2, 2.00 to 3.00", "", ""]
    assert table["rank"].tolist() == ["1", "3", "–"]
    at.toggle(key="collapse").set_value(False).run()
    assert at.query_params["each"] == "1"
    assert at.dataframe[0].value["candidate"].tolist() == [1, 3, 2, 4]


def test_next_and_previous_candidate_follow_the_list(visit: Visit) -> None:
    at = visit("prompt.py", id="1")
    assert "rank 1" in said(at)
    at.button(key="next_candidate").click().run()
    assert at.query_params["candidate"] == "2"
    at.button(key="next_candidate").click().run()
    assert "not scored" in said(at)
    assert at.button(key="next_candidate").disabled
    at.button(key="previous_candidate").click().run()
    assert at.query_params["candidate"] == "2"


def test_a_range_of_rewards_narrows_the_list_and_can_be_taken_back(visit: Visit) -> None:
    at = visit("prompt.py", id="1", reward="0..1.5")
    assert at.dataframe[0].value["candidate"].tolist() == [2]
    at.button(key="clear_brush").click().run()
    assert at.dataframe[0].value["candidate"].tolist() == [1, 2, 4]


def test_the_pair_is_scored_only_where_a_candidate_has_its_text(visit: Visit) -> None:
    words = said(visit("prompt.py", id="1"))
    assert "RewardBench chosen: candidates 1, 3 (exact match), reward 2.00 to 3.00" in words
    assert "RewardBench rejected: not scored, as no candidate has this text" in words


def test_find_marks_what_it_finds_and_counts_it(visit: Visit) -> None:
    at = visit("prompt.py", id="2")
    at.text_input(key="find").set_value("sky").run()
    assert at.query_params["find"] == "sky"
    words = said(at)
    assert "1 found" in words
    assert ">Sky</mark>" in words


def test_compare_shows_the_difference_and_what_the_rewards_imply(visit: Visit) -> None:
    at = visit("compare.py", id="1", a="best", b="2", c="rejected", diff="a-b")
    words = said(at)
    assert "A − B: reward +2.00, rank 1 against 3, RM-implied preference for A 88 %" in words
    assert "A and C: no reward difference, as C is not scored" in words
    assert ">Two</ins>" in words
    assert ">Three</ins>" in words
    assert "not scored: no candidate has this text" in words


def test_compare_panes_are_chosen_and_swapped_by_link(visit: Visit) -> None:
    at = visit("compare.py", id="1")
    assert at.selectbox(key="pane_a").value == "best"
    assert at.selectbox(key="pane_b").value == "worst"  # chosen is the best candidate's very text
    at.selectbox(key="pane_b").select("chosen").run()
    assert at.query_params["b"] == "chosen"
    assert "exact match of candidate #1, #3; its reward is that of #1 by ant; 2 rewards from 2.00 to 3.00" in said(at)
    at.selectbox(key="pane_b").select("worst").run()
    at.button(key="swap").click().run()
    assert (at.query_params["a"], at.query_params["b"]) == ("worst", "best")
    at.selectbox(key="pane_b").select("none").run()
    assert [heading.value for heading in at.subheader] == ["A: worst"]


def test_compare_shows_candidates_from_10000_on(visit: Visit, tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1, 10_002)]
    rewards = [-float(number) for number in range(1, 10_002)]
    pq.write_table(pa.table({"prompt": ["?"], "responses": [texts], "rewards": [rewards]}), tmp_path / "many.parquet")
    at = visit("compare.py", data=str(tmp_path / "many.parquet"), a="10001", b="rank-10000")
    assert [heading.value for heading in at.subheader] == ["A: candidate 10001", "B: rank 10000"]
    assert "A − B: reward -1.00, rank 10001 against 10000" in said(at)


def test_links_to_other_pages_carry_dataset_filter_and_prompt_along(visit: Visit) -> None:
    at = visit("prompt.py", id="2", section="Chat", candidate="2", view="rendered")
    links = {link.proto.page: link.proto.query_string for link in at.get("page_link") if link.proto.query_string}
    assert links["prompts"] == "id=2&section=Chat"
    assert links["compare"].startswith("id=2&section=Chat")
