"""Charts on the screen: checked against Altair's schema in tests of charts, and not when serving."""

import json
import subprocess
import sys
from pathlib import Path

import altair as alt
import pandas as pd
from altair.utils import schemapi
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[4]


def shown(height: object) -> AppTest:
    """A page with one chart of this height."""

    def page(height: object) -> None:
        import altair as alt
        import pandas as pd

        from pages.components.chart.show_chart import show_chart

        chart = alt.Chart(pd.DataFrame({"n": [1, 2]})).mark_bar().encode(x="n:Q")
        chart.height = height
        show_chart(chart, alt="Two bars", key="bars", on_select="ignore")

    return AppTest.from_function(page, default_timeout=20, kwargs={"height": height}).run()


def test_a_chart_is_shown_with_its_words_and_options() -> None:
    (chart,) = shown(120).get("vega_lite_chart")
    assert chart.proto.alt == "Two bars"
    spec = json.loads(chart.proto.spec)
    assert (spec["mark"], spec["height"]) == ({"type": "bar"}, 120)
    assert spec["encoding"] == {"x": {"field": "n", "type": "quantitative"}}


def test_a_chart_that_the_schema_does_not_allow_fails_in_tests_and_is_not_looked_at_when_serving(
    charts_are_checked: None,
) -> None:
    assert shown("tall").exception
    with schemapi.debug_mode(False):
        assert not shown("tall").exception


def test_what_is_shown_is_the_same_with_and_without_the_check(charts_are_checked: None) -> None:
    chart = alt.Chart(pd.DataFrame({"n": [1, 2]})).mark_bar().encode(x=alt.X("n:Q", title="how many"))
    assert chart.to_dict(validate=False) == chart.to_dict()


def test_the_server_has_the_check_off() -> None:
    asked = "import app; from altair.utils import schemapi; print(schemapi.DEBUG_MODE)"
    run = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["False"]
