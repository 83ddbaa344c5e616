"""What training rows look like: the frames of `data_access.yields`."""

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.histogram import HEIGHT, histogram

ROW_HEIGHT = 22


def margins(bins: pd.DataFrame, title: str) -> Chart:
    """How many rows have which margin; columns low, high, n."""
    return histogram(bins, title, "rows")


def lengths(bins: pd.DataFrame) -> Chart:
    """Chosen over rejected, as shares of their texts; columns side, low, high, share."""
    chart: alt.Chart = (
        alt.Chart(bins)
        .mark_area(interpolate="step-after", opacity=0.35, line=True)
        .encode(
            x=alt.X("low:Q", title="characters (log scale)", scale=alt.Scale(type="log", nice=False)),
            y=alt.Y("share:Q", title="share of texts", stack=None, axis=alt.Axis(format="%")),
            color=alt.Color(
                "side:N",
                title=None,
                legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=["chosen", "rejected"], range=PALETTE[:2]),
            ),
            tooltip=[
                alt.Tooltip("side:N", title="side"),
                alt.Tooltip("low:Q", title="characters from", format=",.0f"),
                alt.Tooltip("high:Q", title="to", format=",.0f"),
                alt.Tooltip("share:Q", title="share of its texts", format=".1%"),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart


def shares(rows: pd.DataFrame) -> Chart:
    """Rows by name, most first; columns name, n, share."""
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(color=PALETTE[0])
        .encode(
            x=alt.X("share:Q", title="share of rows", axis=alt.Axis(format="%")),
            y=alt.Y("name:N", title=None, sort=rows["name"].tolist(), axis=alt.Axis(labelLimit=200)),
            tooltip=[
                alt.Tooltip("name:N", title="name"),
                alt.Tooltip("n:Q", title="rows", format=","),
                alt.Tooltip("share:Q", title="share", format=".1%"),
            ],
        )
        .properties(height=alt.Step(ROW_HEIGHT))
    )
    return chart
