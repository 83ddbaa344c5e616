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


def of_frames(numbers: list[list[int]], made: list[int]) -> AppTest:
    """A page with one chart of each of these columns; `made` gets the first number of each chart that is made."""

    def page(numbers: list[list[int]], made: list[int]) -> None:
        from functools import partial

        import pandas as pd

        from pages.components.chart.show_chart import show_chart
        from tests.pages.components.chart.counted import bars

        for place, column in enumerate(numbers):
            show_chart(partial(bars, pd.DataFrame({"n": column})), alt="Bars", name=f"bars_{place}")

    from tests.pages.components.chart import counted

    counted.MADE = made
    return AppTest.from_function(page, default_timeout=20, kwargs={"numbers": numbers, "made": made}).run()


def test_a_chart_is_made_once_for_the_same_figures_and_anew_for_others() -> None:
    made: list[int] = []
    first = of_frames([[101, 2], [102, 2], [101, 2]], made).get("vega_lite_chart")
    assert made == [101, 102]
    (again,) = of_frames([[101, 2]], made).get("vega_lite_chart")
    assert made == [101, 102]
    assert first[0].proto.spec == first[2].proto.spec == again.proto.spec
    datasets = [[one.data.data for one in chart.proto.datasets] for chart in (first[0], first[1], again)]
    assert datasets[0] == datasets[2] != datasets[1]


def test_a_chart_that_is_kept_is_shown_as_one_that_is_not() -> None:
    (kept,) = of_frames([[201, 2]], []).get("vega_lite_chart")
    (kept_before,) = of_frames([[201, 2]], []).get("vega_lite_chart")

    def page() -> None:
        import pandas as pd

        from pages.components.chart.show_chart import show_chart
        from tests.pages.components.chart.counted import bars

        show_chart(bars(pd.DataFrame({"n": [201, 2]})), alt="Bars", name="bars_0")

    (plain,) = AppTest.from_function(page, default_timeout=20).run().get("vega_lite_chart")
    assert plain.proto == kept.proto == kept_before.proto


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
