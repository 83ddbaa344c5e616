"""A prompt's card: its words, escaped, and a mark for each scored candidate."""

from xml.etree import ElementTree

import pandas as pd

from charts.card import TEXT_LENGTH, TEXT_LINES, Card, Ranked, png, svg

BINS = pd.DataFrame({"low": [0.0, 1.0], "high": [1.0, 2.0], "n": [1, 2]})
BEST = (Ranked("1", "2.00", "ant", "<script>alert(1)</script>"), Ranked("2=", "1.50", "x" * 80, "Why & how"))
CARD = Card(
    "Prompt 7", "<b>Why?</b>", "3 of 4 candidates scored", BINS, [0.5, 1.5, 2.0], {"chosen": [2.0]}, BEST, "sample"
)


def words(card: Card) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg(card)).iter("{http://www.w3.org/2000/svg}text")]


def test_it_says_what_it_is_of_and_lists_the_best() -> None:
    said = words(CARD)
    assert said[:3] == ["Prompt 7", "<b>Why?</b>", "3 of 4 candidates scored"]
    assert {"0.00", "2.00", "chosen ▲", "sample"} <= set(said)
    assert said[-9:-1] == ["1", "2.00", "ant", "<script>alert(1)</script>", "2=", "1.50", "x" * 23 + "…", "Why & how"]


def test_it_has_a_bar_a_bin_and_a_tick_a_candidate() -> None:
    drawn = list(ElementTree.fromstring(svg(CARD)).iter("{http://www.w3.org/2000/svg}rect"))
    assert len([one for one in drawn if one.attrib["fill"] == "#8aa6b4"]) == 2
    assert len([one for one in drawn if one.attrib["fill"] == "#0072b2"]) == 3


def test_a_long_prompt_is_its_first_lines() -> None:
    lines = [word for word in words(CARD._replace(prompt="word " * 500)) if word.startswith("word")]
    assert len(lines) == TEXT_LINES
    assert lines[-1].endswith("…")
    assert max(map(len, lines)) <= TEXT_LENGTH


def test_a_prompt_without_rewards_has_a_card_too() -> None:
    bare = CARD._replace(prompt="", rewards=[], pair={}, best=())
    assert words(bare) == ["Prompt 7", "3 of 4 candidates scored", "sample"]
    assert png(bare).startswith(b"\x89PNG")
