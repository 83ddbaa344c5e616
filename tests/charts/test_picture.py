"""Charts as pictures: of a size of their own, with their words, in the page's colours, and nothing but shapes."""

from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest

from charts import picture

HOSTILE = '<script>alert("x")</script> url(#a) #010203'


@pytest.fixture
def bars() -> alt.Chart:
    rows = pd.DataFrame({"name": [HOSTILE, "tame"], "n": [1, 2]})
    return alt.Chart(rows).mark_bar(color="#0072b2").encode(x="n:Q", y="name:N").properties(height=120)


def words(drawn: str) -> list[str]:
    return [text for node in ElementTree.fromstring(drawn).iter() if node.text and (text := node.text.strip())]


def test_a_saved_picture_is_on_white_with_its_title_and_what_it_is_of(bars: alt.Chart) -> None:
    drawn = picture.svg(bars, "Two bars", ["sample · scorer reward"])
    assert {"Two bars", "sample · scorer reward", "n", "tame"} <= set(words(drawn))
    assert 'fill="#ffffff"' in drawn
    assert (picture.WIDTH, picture.WIDTH + 24) == (760, 784)
    png = picture.png(bars, "Two bars")
    assert png.startswith(b"\x89PNG")
    wide, high = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert (wide, high) == (2 * 760, 2 * (120 + 26))


def test_a_picture_in_a_page_has_the_pages_colour_for_words_and_keeps_the_charts_own(bars: alt.Chart) -> None:
    drawn = picture.inline_svg(bars, "p1", 'Two "bars"')
    root = ElementTree.fromstring(drawn)
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", 'Two "bars"')
    assert "currentColor" in drawn
    assert "#0072b2" in drawn
    assert "ffffff" not in drawn
    # A label that is the sentinel's name is a word, and stays.
    assert any(word.startswith("<script>alert") for word in words(drawn))
    assert "<script" not in drawn


def test_two_pictures_of_a_page_share_no_name(bars: alt.Chart) -> None:
    names = [
        {
            node.attrib["id"]
            for node in ElementTree.fromstring(picture.inline_svg(bars, name, "")).iter()
            if "id" in node.attrib
        }
        for name in ("p1", "p2")
    ]
    assert not names[0] & names[1]


def test_only_shapes_and_words_get_into_a_page() -> None:
    drawn = picture.embedded(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="x()">'
        '<script>x()</script><image href="https://attacker.example"/><foreignObject/><style>@import "x"</style>'
        '<a xlink:href="javascript:x()"><rect/></a><rect fill="url(#g)" onclick="x()" style="x"/></svg>',
        "p1",
        "",
    )
    for part in ("script", "image", "foreign", "style", "href", "attacker", "onload", "onclick", "<a"):
        assert part not in drawn
    assert 'fill="url(#p1-g)"' in drawn


def test_what_stands_out_by_a_selection_is_drawn_as_without_one() -> None:
    brush = alt.selection_interval(name="brush", encodings=["x"], value={"x": [0, 1]})
    ticks = (
        alt.Chart(pd.DataFrame({"x": [1, 2]}))
        .mark_tick()
        .encode(x="x:Q", opacity=alt.OpacityValue(0.2, condition={"param": "brush", "value": 0.9}))
        .add_params(brush)
    )
    spec = picture.specification(ticks, "#000")
    assert "params" not in spec
    assert spec["encoding"]["opacity"] == {"value": 0.9}
    assert spec["width"] == picture.WIDTH


@pytest.mark.parametrize(
    "name", ["nul \x00 escape \x1b", "line \u2028 mark", "\ufffe", "🦊" * 60, "x" * 100_000, "<&>\"'\\"]
)
def test_no_name_in_the_data_keeps_a_chart_from_being_drawn(name: str) -> None:
    rows = pd.DataFrame({"name": [name, "tame"], "n": [1, 2]})
    sort = alt.Y("name:N", sort=[name, "tame"], axis=alt.Axis(labelLimit=90))
    chart = alt.Chart(rows).mark_bar().encode(x="n:Q", y=sort, color="name:N").properties(height=120)
    assert "tame" in words(picture.inline_svg(chart, "p1", name))
    assert picture.png(chart, name, [name]).startswith(b"\x89PNG")


def test_a_chart_of_cells_keeps_their_size() -> None:
    cells = alt.Chart(pd.DataFrame({"a": ["x"], "b": ["y"]})).mark_rect().encode(x="a:N", y="b:N")
    spec = picture.specification(cells.properties(width=alt.Step(20), height=alt.Step(20)), "#000")
    assert (spec["width"], spec["height"], spec["autosize"]["type"]) == ({"step": 20}, {"step": 20}, "pad")
