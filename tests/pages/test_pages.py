"""Each page renders, renders what is empty or unknown, and each control changes the link and what is shown."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from data_access import database
from data_access.questions.said.prompt import match_marks, reward_range
from tests.pages.conftest import chips, component, lines, ranked, said
from tests.pages.test_models import written

Visit = Callable[..., AppTest]
PAGES = ("overview.py", "prompts.py", "prompt.py", "compare.py", "models.py", "best_of_n.py", "sql.py")
OF_ONE_PROMPT = ("prompt.py", "compare.py")
WITH_TESTS_OF_THEIR_OWN = (
    "rewards.py", "scorers.py", "checks.py", "export.py", "blind.py", "judgements.py", "report.py",
)  # fmt: skip


@pytest.mark.usefixtures("charts_are_checked")
@pytest.mark.parametrize("page", [*PAGES, *WITH_TESTS_OF_THEIR_OWN])
def test_every_page_renders_the_sample_after_the_overview(visit: Visit, page: str) -> None:
    at = visit(data="sample").switch_page(page).run()
    assert not at.exception
    assert not at.error
    assert at.title


@pytest.mark.usefixtures("charts_are_checked")
@pytest.mark.parametrize("page", OF_ONE_PROMPT)
@pytest.mark.parametrize("prompt", ["1", "2", "3"])
def test_a_page_of_one_prompt_renders_every_kind_of_prompt(visit: Visit, page: str, prompt: str) -> None:
    at = visit(page, id=prompt, present="1")
    assert not at.exception
    assert not at.error


@pytest.mark.usefixtures("charts_are_checked")
@pytest.mark.parametrize("page", [page for page in PAGES if page not in OF_ONE_PROMPT])
def test_a_page_of_all_prompts_renders_every_kind_of_them(visit: Visit, page: str) -> None:
    at = visit(page)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("page", ["overview.py", "prompt.py"])
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
        at.query_params["sort"] = "-id"  # what was asked before is kept
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
    words = said(at)
    for count in ("3 prompts", "7 candidates (1 to 4 per prompt)", "85.7% scored", "3 source models"):
        assert count in words
    assert "In 1 of 3 prompts the same text got different rewards, up to 1.00 apart" in words
    assert "1 of 7 candidates, in 1 prompt, has no reward (left out of every statistic)." in words


def test_the_list_shows_one_row_a_prompt_in_the_order_asked_for(visit: Visit) -> None:
    at = visit("prompts.py", sort="-spread")
    table = at.dataframe[0].value
    assert table["prompt_id"].tolist() == [2, 1, 3]
    assert table["best"].tolist() == [4.0, 3.0, -1.0]
    assert table["pair"].tolist() == ["", "▲1+", ""]
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


@pytest.mark.parametrize("page", [*PAGES, *WITH_TESTS_OF_THEIR_OWN])
def test_a_filter_in_force_is_named_on_every_page_and_can_be_taken_out(visit: Visit, page: str) -> None:
    at = visit(page, section="Chat", q="blue", sort="-spread")
    assert chips(at) == ["prompt or responses contains “blue”", "section: Chat"]
    assert said(at).count("**1** of 3 prompts") == 1
    at.multiselect(key="in_force").unselect("section").run()
    assert not at.exception
    assert at.query_params == {"q": "blue", "sort": "-spread"}
    assert chips(at) == ["prompt or responses contains “blue”"]
    at.multiselect(key="in_force").unselect("text").run()
    assert at.query_params == {"sort": "-spread"}
    assert chips(at) == []


def test_all_filters_are_taken_out_at_once_and_the_list_begins_anew(visit: Visit) -> None:
    at = visit("prompts.py", section="Chat", subset="alpacaeval-easy", spread="0..")
    at.query_params["page"] = "2"
    at.run()
    assert chips(at) == ["section: Chat", "subset: alpacaeval-easy", "spread (sd) at least 0"]
    at.multiselect(key="in_force").set_value([]).run()
    assert at.query_params == {}
    assert at.dataframe[0].value["prompt_id"].tolist() == [1, 2, 3]


def test_a_chip_shows_what_was_searched_for_as_it_is_on_one_line(visit: Visit) -> None:
    at = visit("prompt.py", q=":red[x] <b>\u202e![i](https://evil.example/a.png)\n# more")
    assert not at.exception
    assert chips(at) == ["prompt or responses contains “:red[x] <b>![i](https://evil.example/a.png)"]
    assert "evil.example" not in said(at)


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


def test_identical_texts_are_one_row_with_their_count(visit: Visit) -> None:
    at = visit("prompt.py", id="1")
    assert ranked(at) == [
        {"candidate": "1", "rank": "1", "reward": "3.00", "gap": "0.00", "source model": "ant", "chars": "4", "flags": "×2"},
        {"candidate": "2", "rank": "3", "reward": "1.00", "gap": "2.00", "source model": "bee", "chars": "6", "flags": ""},
        {"candidate": "4", "rank": "–", "reward": "–", "gap": "–", "source model": "ant", "chars": "4", "flags": ""},
    ]  # fmt: skip
    assert "**3 texts**" in said(at)
    at.toggle(key="collapse").set_value(False).run()
    assert at.query_params["each"] == "1"
    assert "**4 candidates**" in said(at)
    assert [row["candidate"] for row in ranked(at)] == ["1", "3", "2", "4"]


def test_the_list_marks_the_selected_text_also_where_it_is_collapsed_into_another_row(visit: Visit) -> None:
    for candidate, marked in (("2", 2), ("3", 1), ("77", 1)):  # candidate 3 has the text of 1; there is no 77
        at = visit("prompt.py", id="1", candidate=candidate)
        assert component(at, "ranked")["selected"] == marked
        assert component(at, "copy_response")["text"] == ("Three." if candidate == "2" else "Two.")
    assert component(visit("prompt.py", id="1", candidate="3", reward="0..1.5"), "ranked")["selected"] is None


def test_names_and_flags_in_the_ranked_list_are_one_line_each_as_they_are(visit: Visit, tmp_path: Path) -> None:
    name = "<img src=x>\u202e\n**x**"
    at = visit("prompt.py", data=written(tmp_path, [(name, "", 1234.5), (None, "<|im_end|>" * 200, -1.0)]))
    assert [[row[label] for label in ("source model", "chars", "flags", "gap")] for row in ranked(at)] == [
        ["<img src=x>", "0", "empty", "0.00"],
        ["–", "2,000", "template tokens", "1235.50"],
    ]
    assert "<img" not in said(at)


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
    assert [row["candidate"] for row in ranked(at)] == ["2"]
    assert at.button(key="clear_brush").label == "Rewards 0.00 to 1.50"
    at.button(key="clear_brush").click().run()
    assert [row["candidate"] for row in ranked(at)] == ["1", "2", "4"]
    assert "reward" not in at.query_params


def test_the_pair_is_scored_only_where_a_candidate_has_its_text(visit: Visit) -> None:
    words = said(visit("prompt.py", id="1"))
    assert "RewardBench chosen: candidates 1, 3 (exact match), reward 2.00 to 3.00" in words
    assert "RewardBench rejected: not scored, as no candidate has this text" in words


def test_the_table_of_a_prompts_candidates_is_one_tab_away(visit: Visit) -> None:
    at = visit("prompt.py", id="1")
    assert [tab.label for tab in at.tabs] == ["RewardBench pair", "Best of n", "Download"]
    assert not at.get("download_button")
    assert visit("prompt.py", id="1", tab="Download").get("download_button")
    assert not visit("prompt.py", id="1", tab="Elsewhere").get("download_button")  # the first is shown
    assert [tab.label for tab in visit("prompt.py", id="3").tabs] == ["Download"]  # no pair, one candidate


def test_find_marks_what_it_finds_and_counts_it(visit: Visit) -> None:
    at = visit("prompt.py", id="2")
    at.text_input(key="find").set_value("sky").run()
    assert at.query_params["find"] == "sky"
    words = said(at)
    assert "1 found" in words
    assert ">Sky</mark>" in words


def test_find_marks_what_it_finds_in_the_pairs_texts_too(visit: Visit) -> None:
    words = said(visit("prompt.py", id="1", find="nine"))
    assert ">Nine</mark>" in words  # RewardBench's rejected text, which no candidate has
    assert "1 found</span> · " in words
    assert words.count(">0 found</span>") == 2  # in the selected response and in the chosen text


def test_compare_shows_the_difference_and_what_the_rewards_imply(visit: Visit) -> None:
    at = visit("compare.py", id="1", a="best", b="2", c="rejected", diff="a-b")
    words = said(at)
    assert "A − B: reward +2.00, rank 1 against 3, RM-implied preference for A 88 %" in words
    assert "C: not scored, so without a reward difference" in words
    assert words.count("not scored, so") == 2  # once in the line, once on hovering
    assert ">Two</ins>" in words
    assert ">Three</ins>" in words
    assert "not scored · text by a source model not given · no candidate has this text · 5 characters" in lines(at)


def test_facts_begin_with_standing_and_source_model_and_end_with_the_length(visit: Visit) -> None:
    for number, told in (
        ("1", "rank 1 · 3.00 · ant · candidate 1 · ×2: the same text got 2.00 to 3.00 · percentile 100 · 4 characters"),
        ("2", "rank 3 · 1.00 · bee · candidate 2 · percentile 0 · 6 characters"),
        ("4", "not scored · ant · candidate 4 · 4 characters"),
    ):
        assert told in lines(visit("prompt.py", id="1", candidate=number))
    assert component(visit("prompt.py", id="1"), "ranked")["rows"][0]["hint"] == "×2: the same text got 2.00 to 3.00"
    told = lines(visit("compare.py", id="1", a="4", b="chosen"))
    assert "not scored · ant · candidate 4 · 4 characters" in told
    assert (
        "rank 1 · 3.00 · text by a source model not given · scored as candidate 1 · exact match of candidate #1, #3; its "
        "reward is that of #1 by ant; 2 rewards from 2.00 to 3.00 · percentile 100 · 4 characters"
    ) in told


@pytest.mark.parametrize(
    ("same_text", "low", "high", "told"),
    [
        (1, 1.0, 1.0, ""),
        (3, 3.1, 3.9, "×3: the same text got 3.10 to 3.90"),
        (2, 3.1, 3.1, "×2: the same text got 3.10 each time"),
        (2, float("nan"), float("nan"), "×2"),
    ],
)
def test_a_text_that_several_candidates_have_is_told_with_its_rewards(
    same_text: int, low: float, high: float, told: str
) -> None:
    assert reward_range({"same_text": same_text, "same_text_low": low, "same_text_high": high}) == told


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
    assert [heading.value for heading in at.header] == ["A: worst"]


def test_compare_shows_candidates_from_10000_on(visit: Visit, tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1, 10_002)]
    rewards = [-float(number) for number in range(1, 10_002)]
    pq.write_table(pa.table({"prompt": ["?"], "responses": [texts], "rewards": [rewards]}), tmp_path / "many.parquet")
    at = visit("compare.py", data=str(tmp_path / "many.parquet"), a="10001", b="rank-10000")
    assert [heading.value for heading in at.header] == ["A: candidate 10001", "B: rank 10000"]
    assert "A − B: reward -1.00, rank 10001 against 10000" in said(at)


def test_a_walks_through_the_ranking_while_b_stays(visit: Visit) -> None:
    at = visit("compare.py", id="1", b="rejected")
    assert at.button(key="walk_up").disabled  # best is rank 1
    walked = []
    for _ in range(3):  # candidates by reward: 1, 3, 2, and 4, which has none
        at.button(key="walk_down").click().run()
        walked.append((at.query_params["a"], [heading.value for heading in at.header]))
    assert walked == [(str(n), [f"A: candidate {n}", "B: RewardBench rejected"]) for n in (3, 2, 4)]
    assert at.button(key="walk_down").disabled
    at.button(key="walk_up").click().run()
    assert (at.query_params["a"], at.query_params["b"]) == ("2", "rejected")
    at.selectbox(key="pane_a").select("rejected").run()  # no candidate's text: there is nowhere to go from it
    assert at.button(key="walk_up").disabled
    assert at.button(key="walk_down").disabled


def test_differences_are_shown_by_themselves_only_between_texts_that_are_near(visit: Visit, tmp_path: Path) -> None:
    texts = ("one two three four five", "one two three four 5", "nothing of the kind")
    data = written(tmp_path, [("ant", text, float(-place)) for place, text in enumerate(texts)])
    at = visit("compare.py", data=data, a="1", b="2", c="3")
    assert at.button_group(key="diff").value == "a-b"
    assert ">five</ins>" in said(at)
    assert component(at, "reader") == {"panes": ["a", "b", "c"], "differs": True, "together": True}
    at.button_group(key="diff").set_value("off").run()
    assert at.query_params["diff"] == "off"
    assert "</ins>" not in said(at)
    assert component(at, "reader")["differs"] is False
    at = visit("compare.py", data=data, a="1", b="3")
    assert at.button_group(key="diff").value == "off"
    assert "diff" not in at.query_params
    at.button_group(key="diff").set_value("a-b").run()
    assert at.query_params["diff"] == "a-b"
    at.toggle(key="together").set_value(False).run()
    assert at.query_params["apart"] == "1"
    assert component(at, "reader") == {"panes": ["a", "b"], "differs": True, "together": False}


def test_the_presenting_view_adds_the_distribution_and_is_left_again(visit: Visit) -> None:
    at = visit("compare.py", id="1")
    assert not at.get("vega_lite_chart")
    at.button(key="present").click().run()
    assert at.query_params["present"] == "1"
    assert [chart.proto.alt for chart in at.get("vega_lite_chart")] == [
        "Distribution of rewards: 3 of 4 candidates scored · 3 different texts · best 3.00 · median 2.00 · worst 1.00 · sd 1.00"
    ]
    at.button(key="present").click().run()
    assert "present" not in at.query_params
    assert not at.get("vega_lite_chart")


def test_links_to_other_pages_carry_dataset_filter_and_prompt_along(visit: Visit) -> None:
    at = visit("prompt.py", id="2", section="Chat", candidate="2", view="rendered")
    links = {link.label: link.proto.query_string for link in at.get("page_link")}
    assert list(links) == ["Overview", "Prompts", "Prompt", "Compare", "Source models", "What it rewards", "Best-of-N",
                           "Scorers", "Checks", "Export", "SQL", "Compare blind", "Judgements", "Report"]  # fmt: skip
    assert links.pop("Prompt") == "id=2&section=Chat&candidate=2&view=rendered"  # where one is: the link as it is
    assert set(links.values()) == {"id=2&section=Chat"}
    at.session_state["compare_2"] = True  # the popover is open
    at.run()
    links = {link.label: link.proto.query_string for link in at.get("page_link")}
    assert {label: link for label, link in links.items() if label.startswith("with ")} == {
        "with worst": "id=2&section=Chat&a=best&b=worst"
    }
    at.query_params["candidate"] = "1"
    at.session_state["compare_1"] = True
    links = {link.label: link.proto.query_string for link in at.run().get("page_link")}
    assert links["with best"] == "id=2&section=Chat&a=1&b=best"


def test_the_pairs_marks_tell_side_kind_of_match_and_that_there_are_more() -> None:
    sides = {
        "chosen_candidates": [12],
        "chosen_is_exact": True,
        "rejected_candidates": [3, 5],
        "rejected_is_exact": False,
    }
    assert match_marks(sides) == "▲12 ▼≈3+"
    assert match_marks(sides | {"chosen_candidates": None}) == "▼≈3+"


@pytest.mark.usefixtures("charts_are_checked")
def test_prompts_are_shown_as_cards_or_points_as_the_link_says(visit: Visit) -> None:
    at = visit("prompts.py", show="grid")
    cards = component(at, "grid")["cards"]
    assert [(card["id"], sum(card["bins"]), card["facts"]) for card in cards] == [
        (1, 3, "best 3.00 · sd 1.00 · gap 1.00"),
        (2, 2, "best 4.00 · sd 2.47 · gap 3.50"),
        (3, 1, "best -1.00"),
    ]
    at = visit("prompts.py", show="scatter", gap="2..4")
    assert [chart.proto.alt for chart in at.get("vega_lite_chart")] == [
        "2 prompts: gap of best to second (logits) against spread of rewards (sd, logits)"
    ]
    assert at.dataframe[0].value["prompt_id"].tolist() == [2]  # what is brushed narrows the list, not the points
    at.selectbox(key="y").select("lead").run()
    assert at.query_params["y"] == "lead"
    at = visit("prompts.py", show="<script>")
    assert "There is no view" in said(at)


def test_a_prompt_worth_seeing_says_why_on_its_page_and_only_there(visit: Visit) -> None:
    at = visit("prompt.py", id="1", why="gap")
    assert "Worth seeing: Its best response leads the second by 1.00 (the only prompt)." in said(at)
    at.button(key="next_prompt").click().run()
    assert "why" not in at.query_params
    assert "Worth seeing" not in said(visit("prompt.py", id="2", why="<script>"))


def test_help_tells_the_keys(visit: Visit) -> None:
    at = visit("prompt.py", id="1")
    at.button(key="help").click().run()
    assert "next, previous candidate in the ranking" in said(at)
