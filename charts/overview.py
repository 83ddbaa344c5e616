"""How rewards spread over a dataset: the frames of `data_access.overview`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.histogram import histogram

ROW_HEIGHT = 22
AXIS = 112  # pixels of the axis with its title, and of the legend


def spread(bins: pd.DataFrame) -> Chart:
    """How many prompts have how much spread; columns low, high, n."""
    return histogram(bins, "standard deviation of a prompt's rewards", "prompts")


def by_subset(subsets: pd.DataFrame) -> Chart:
    """One row a subset: the middle 90 % (line) and middle half (bar) of its candidates' centred rewards, and the median."""
    scored = subsets.dropna(subset="p50")
    base = alt.Chart(scored).encode(
        y=alt.Y(
            "subset:N", title=None, sort=scored["subset"].tolist(), axis=alt.Axis(labelLimit=170, labelOverlap=False)
        ),
        tooltip=[
            alt.Tooltip("subset:N", title="subset"),
            alt.Tooltip("section:N", title="section"),
            alt.Tooltip("prompts:Q", title="prompts", format=","),
            alt.Tooltip("scored:Q", title="scored candidates", format=","),
            *(alt.Tooltip(f"p{p}:Q", title=f"{p}th percentile", format="+.2f") for p in (5, 25, 50, 75, 95)),
        ],
    )
    section = alt.Color(
        "section:N",
        title="section",
        scale=alt.Scale(range=PALETTE),
        legend=alt.Legend(orient="top", title=None) if scored["section"].any() else None,
    )
    layers = alt.layer(
        base.mark_rule(opacity=0.7).encode(
            x=alt.X("p5:Q", title="reward − prompt mean"), x2=alt.X2("p95:Q"), color=section
        ),
        base.mark_bar(height=8, opacity=0.85).encode(x=alt.X("p25:Q"), x2=alt.X2("p75:Q"), color=section),
        # White with a dark rim: seen on every colour, light or dark.
        base.mark_point(shape="diamond", filled=True, size=60, color="white", stroke="black", opacity=1).encode(
            x=alt.X("p50:Q")
        ),
        height=len(scored) * ROW_HEIGHT + AXIS,
    )
    return cast(Chart, layers)
