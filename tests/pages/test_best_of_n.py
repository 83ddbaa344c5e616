"""Best-of-N: the page reads the curve, and scope, n and axis are in the link and change what is shown."""

import json
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import said
from tests.pages.test_models import written

Visit = Callable[..., AppTest]
# Three prompts of 6 candidates, 3 of each source model. Their rewards about their mean: -3 to 3 without 0.
SIX = [
    [
        ("ant", "x" * 7, mean + 3),
        *(("ant", "x", mean + r) for r in (1, -1)),
        *(("bee", "x", mean + r) for r in (2, -2, -3)),
    ]
    for mean in (0.0, 5.0, -5.0)
]


def texts_of_charts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("vega_lite_chart")]


def axes(at: AppTest) -> tuple[str, str]:
    """The scale of n in the pool's chart and in that of the source models."""
    pool, models, _ = (json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart"))
    return pool["layer"][0]["encoding"]["x"]["scale"]["type"], models["layer"][0]["encoding"]["x"]["scale"]["type"]


def test_the_sample_is_read_in_a_sentence_with_n_prompts_interval_and_a_text_for_each_chart(visit: Visit) -> None:
    at = visit("best_of_n.py", data="sample")
    assert not at.exception
    words = said(at)
    assert "**16 candidates give 75 % of the gain of 99; doubling from 49 to 98 adds 0.21.**" in words
    assert "Best of 16: gain 1.84 (95 % interval 1.81 to 1.88)" in words
    assert "69 prompts with at least 99 scored candidates" in words
    assert texts_of_charts(at) == [
        "Gain of best-of-n for n from 1 to 99; at n = 16 it is 1.84",
        "Gain of best-of-n for 12 source models; the largest is that of lynx-8b, 1.67 at n = 9",
        "Source models of the winners at n = 16: badger-13b supplies 16 % of them and 9 % of the candidates",
    ]


def test_the_slider_is_written_to_the_link_and_drives_curve_and_winners(visit: Visit, tmp_path: Path) -> None:
    at = visit("best_of_n.py", data=written(tmp_path, *SIX))
    assert at.slider(key="n").value == 6
    at.slider(key="n").set_value(2).run()
    assert at.query_params["n"] == "2"
    words = said(at)
    # The best of 2, as weights of -3 to 3: (0·-3 + 1·-2 + 2·-1 + 3·1 + 4·2 + 5·3) / 15
    assert "Best of 2: gain 1.47 (95 % interval 1.47 to 1.47)" in words
    assert "Who wins at n = 2" in words
    # seven characters, else one, with the chance of 5 in 15 that the best is drawn, against 1 in 6
    assert "The winner has 3 characters, the average candidate 2" in words
    assert "it is the pool&#x27;s best in 33 % of draws" in words
    # ant has the ranks 1, 3 and 4 of six, so the best of two in 5, 3 and 2 of 15 draws
    assert texts_of_charts(at)[::2] == [
        "Gain of best-of-n for n from 1 to 6; at n = 2 it is 1.47",
        "Source models of the winners at n = 2: ant supplies 67 % of them and 50 % of the candidates",
    ]


def test_the_axis_is_written_to_the_link_and_changes_both_charts(visit: Visit, tmp_path: Path) -> None:
    at = visit("best_of_n.py", data=written(tmp_path, *SIX))
    assert axes(at) == ("log", "log")
    at.get_by_key("scale").set_value("linear").run()
    assert at.query_params["scale"] == "linear"
    assert axes(at) == ("linear", "linear")
    at.get_by_key("scale").set_value("log").run()
    assert "scale" not in at.query_params
    assert axes(at) == ("log", "log")


def test_the_scope_is_written_to_the_link_and_changes_the_curve(visit: Visit) -> None:
    at = visit("best_of_n.py")
    three = "Best of 3 gains 1.00 over the average candidate."
    assert three not in said(at)
    at.selectbox(key="of").select("section:Reasoning").run()
    assert at.query_params["of"] == "section:Reasoning"
    assert three in said(at)
    assert "No source model has several scored candidates" in said(at)
    assert "KL" not in said(at)
    at.selectbox(key="of").select("section:Chat").run()
    assert "Best of 2 gains 1.75 over the average candidate." in said(at)
    at.selectbox(key="of").select("all prompts").run()
    assert "of" not in at.query_params


def test_the_bound_is_named_as_one_and_only_for_one_source_models_own_samples(visit: Visit, tmp_path: Path) -> None:
    words = said(visit("best_of_n.py", data=written(tmp_path, *SIX)))
    assert "upper bound on the KL divergence from it (not its value): 0.43 at n = 3 nats" in words
    assert words.count("KL") == 1


def test_an_n_that_cannot_be_drawn_falls_back_with_a_word(visit: Visit, tmp_path: Path) -> None:
    at = visit("best_of_n.py", data=written(tmp_path, *SIX))
    for n in ("0", "7", "-1", "2.5", "many", "9" * 5000):
        at.query_params["n"] = n
        at.run()
        assert not at.exception, n[:9]
        assert at.slider(key="n").value == 6
        assert f"{n!r} is not a number from 1 to 6; 6 is shown."[:300] in said(at)


def test_an_unknown_axis_or_scope_falls_back_with_a_word(visit: Visit) -> None:
    at = visit("best_of_n.py", of="section:Poetry", scale="cubic")
    words = said(at)
    assert "There is no 'section:Poetry' here; all prompts are shown." in words
    assert "There is no scale 'cubic' here; log is shown." in words


def test_prompts_with_fewer_candidates_are_counted_as_left_out(visit: Visit, tmp_path: Path) -> None:
    few = [("ant", "a", 1.0), ("bee", "b", 2.0)]
    at = visit("best_of_n.py", data=written(tmp_path, *SIX * 3, few))
    assert "9 prompts with at least 6 scored candidates, of 10" in said(at)


def test_nothing_to_choose_from_is_said_where_no_prompt_has_two_scored_candidates_and_only_there(
    visit: Visit, tmp_path: Path
) -> None:
    nothing = "No prompt has two scored candidates, so there is nothing to choose from."
    at = visit("best_of_n.py", data=written(tmp_path, [("ant", "a", 1.0), ("bee", "b", None)], [("ant", "c", 2.0)]))
    assert nothing in said(at)
    assert not at.get("vega_lite_chart")
    one_alone = written(tmp_path, *SIX[:2], [("ant", "a", 1.0)])
    assert nothing not in said(visit("best_of_n.py", data=one_alone))


def test_the_prompt_page_has_the_curve_of_its_own_candidates(visit: Visit) -> None:
    at = visit("prompt.py", id="1", tab="Best of n")
    assert "Expected gain of best-of-n for n from 1 to 3 on this prompt" in texts_of_charts(at)
    at.query_params["id"] = "3"
    at.run()
    assert "Best of n" not in [tab.label for tab in at.tabs]
    assert not any("best-of-n" in text for text in texts_of_charts(at))
