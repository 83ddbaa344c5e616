"""Bins as bars: the frames with columns low, high, n that several queries give."""

import altair as alt
import pandas as pd

from charts import Chart

HEIGHT = 220


def histogram(bins: pd.DataFrame, x: str, y: str) -> Chart:
    """One bar a bin; `x` titles what is binned, `y` what is counted."""
    chart: alt.Chart = (
        alt.Chart(bins)
        .mark_bar(color="#8aa6b4", binSpacing=1)
        .encode(
            x=alt.X("low:Q", bin="binned", title=x),
            x2=alt.X2("high:Q"),
            y=alt.Y("n:Q", title=y, axis=alt.Axis(tickMinStep=1)),
            tooltip=[
                alt.Tooltip("low:Q", title="from", format=".2f"),
                alt.Tooltip("high:Q", title="to", format=".2f"),
                alt.Tooltip("n:Q", title=y, format=","),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart
