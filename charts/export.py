"""What training rows look like: the frames of `data_access.training_data.summary`."""

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.histogram import histogram

ROW_HEIGHT = 22
CHART_HEIGHT = 190


def margins(bins: pd.DataFrame, title: str) -> Chart:
    """How many rows have which margin; columns low, high, n."""
    chart: Chart = histogram(bins, title, "rows").properties(height=CHART_HEIGHT)
    return chart


def lengths(bins: pd.DataFrame) -> Chart:
    """Chosen over rejected, as shares of their texts; columns side, low, high, share."""
    chart: alt.Chart = (
        alt.Chart(bins)
        .mark_area(interpolate="step-after", opacity=0.35, line=True)
        .encode(
            x=alt.X(
                "low:Q",
                title="characters (log scale)",
                scale=alt.Scale(type="log", nice=False),
                axis=alt.Axis(grid=False),
            ),
            y=alt.Y("share:Q", title="share of texts", stack=None, axis=alt.Axis(format="%")),
            color=alt.Color(
                "side:N",
                title=None,
                legend=alt.Legend(orient="top", offset=0, padding=0, symbolSize=60),
                scale=alt.Scale(domain=["chosen", "rejected"], range=PALETTE[:2]),
            ),
            tooltip=[
                alt.Tooltip("side:N", title="side"),
                alt.Tooltip("low:Q", title="characters from", format=",.0f"),
                alt.Tooltip("high:Q", title="to", format=",.0f"),
                alt.Tooltip("share:Q", title="share of its texts", format=".1%"),
            ],
        )
        .properties(height=CHART_HEIGHT)
    )
    return chart


def shares(rows: pd.DataFrame, height: int | None = None) -> Chart:
    """Rows by name, most first; columns name, n, share. As high as the names need, or `height` pixels."""
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(color=PALETTE[0])
        .encode(
            x=alt.X("share:Q", title="share of rows", axis=alt.Axis(format="%")),
            y=alt.Y(
                "name:N", title=None, sort=rows["name"].tolist(), axis=alt.Axis(labelLimit=180, labelOverlap=False)
            ),
            tooltip=[
                alt.Tooltip("name:N", title="name"),
                alt.Tooltip("n:Q", title="rows", format=","),
                alt.Tooltip("share:Q", title="share", format=".1%"),
            ],
        )
        .properties(height=height or alt.Step(ROW_HEIGHT))
    )
    return chart


def seen_in_shares(rows: pd.DataFrame, by: str) -> str:
    """What one sees in the chart of these shares, in a sentence."""
    first = rows.iloc[0]
    return f"Share of rows by {by}: most from {first['name']} ({first['share']:.1%} of rows), {len(rows):,} in all"
