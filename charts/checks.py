"""What the scorer rewards: the frames of `data_access.checks`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.histogram import HEIGHT, histogram


def length(bins: pd.DataFrame, points: pd.DataFrame) -> Chart:
    """Mean centred reward by length relative to the prompt's mean length, over some of the candidates as points.

    `bins` has the columns ratio, centred, low, high, n; `points` ratio and centred.
    """
    x = alt.X("ratio:Q", title="length ÷ the prompt's mean length", scale=alt.Scale(type="log", nice=False))
    y = alt.Y("centred:Q", title="reward − prompt mean")
    cloud = alt.Chart(points).mark_circle(color="#8aa6b4", size=10, opacity=0.45).encode(x=x, y=y)
    base = alt.Chart(bins).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("low:Q", title="length ratio from", format=".2f"),
            alt.Tooltip("high:Q", title="to", format=".2f"),
            alt.Tooltip("centred:Q", title="centred reward", format="+.2f"),
            alt.Tooltip("n:Q", title="candidates", format=","),
        ],
    )
    layers = alt.layer(
        cloud, base.mark_line(color=PALETTE[0]), base.mark_point(filled=True, color=PALETTE[0], size=50, opacity=1)
    )
    return cast(Chart, layers.properties(height=HEIGHT))


def formatting(shares: pd.DataFrame) -> Chart:
    """The share with each kind of formatting, of best and of median candidates; columns kind, which, share, n."""
    chart = (
        alt.Chart(shares)
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title="share of candidates", axis=alt.Axis(format="%", tickCount=6)),
            y=alt.Y("kind:N", title=None),
            yOffset=alt.YOffset("which:N"),
            color=alt.Color("which:N", scale=alt.Scale(range=PALETTE[:2]), legend=alt.Legend(orient="top", title=None)),
            tooltip=[
                alt.Tooltip("kind:N", title="formatting"),
                alt.Tooltip("which:N", title="candidate"),
                alt.Tooltip("share:Q", title="share", format=".1%"),
                alt.Tooltip("n:Q", title="prompts", format=","),
            ],
        )
        .properties(height=HEIGHT)
    )
    return cast(Chart, chart)


def noise(bins: pd.DataFrame) -> Chart:
    """How far the rewards of identical texts lie from their mean; columns low, high, n."""
    return histogram(bins, "reward − mean reward of the same text (logits)", "candidates")
