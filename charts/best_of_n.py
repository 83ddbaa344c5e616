"""What sampling more candidates buys: the frames of `data_access.best_of_n`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import GREY, PALETTE, Chart

HEIGHT = 280
AXIS = 76  # pixels of an axis with its title
MOST_COLOURS = 4


def gain(points: pd.DataFrame, at: int, is_log: bool) -> Chart:
    """Expected gain of best-of-n with its 95 % band; columns n, gain, low, high. `at` is the n that is looked at."""
    n = alt.X(
        "n:Q", title="n, candidates to choose from", scale=alt.Scale(type="log" if is_log else "linear", nice=False)
    )
    tooltip = [
        alt.Tooltip("n:Q", title="n"),
        alt.Tooltip("gain:Q", title="gain", format=".3f"),
        alt.Tooltip("low:Q", title="95 % from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
    ]
    base = alt.Chart(points).encode(x=n, tooltip=tooltip)
    height = alt.Y("gain:Q", title="best of n − prompt mean (logits)", scale=alt.Scale(domainMin=0))
    layers = alt.layer(
        base.mark_area(opacity=0.25, color=PALETTE[0]).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
        base.mark_line(color=PALETTE[0]).encode(y=height),
        alt.Chart(points[points["n"] == at]).mark_point(size=90, filled=True, color=PALETTE[5]).encode(x=n, y=height),
    )
    return cast(Chart, layers.properties(height=HEIGHT))


def of_prompt(points: pd.DataFrame) -> Chart:
    """One prompt's expected gain of best-of-n; columns n, gain."""
    chart = (
        alt.Chart(points)
        .mark_line(color=PALETTE[0], point=alt.OverlayMarkDef(size=14))
        .encode(
            x=alt.X("n:Q", title="n, candidates to choose from", scale=alt.Scale(type="log", nice=False)),
            y=alt.Y("gain:Q", title="best of n minus this prompt's mean"),
            tooltip=[alt.Tooltip("n:Q", title="n"), alt.Tooltip("gain:Q", title="gain", format=".3f")],
        )
        .properties(height=HEIGHT)
    )
    return cast(Chart, chart)


def by_model(points: pd.DataFrame, is_log: bool) -> Chart:
    """One line a source model, over its own candidates; columns model, n, gain, prompts. Those that gain most have a colour,
    the others are grey with their name on hovering."""
    gains = points.groupby("model")["gain"].max().sort_values(ascending=False)
    coloured = gains.index[:MOST_COLOURS].tolist()
    is_coloured = points["model"].isin(coloured)
    encodings = {
        "x": alt.X("n:Q", title="n, that model's own candidates", scale=alt.Scale(type="log" if is_log else "linear")),
        "y": alt.Y("gain:Q", title="best of n − its own mean (logits)"),
        "detail": alt.Detail("model:N"),
        "tooltip": [
            alt.Tooltip("model:N", title="source model"),
            alt.Tooltip("n:Q", title="n"),
            alt.Tooltip("gain:Q", title="gain", format=".3f"),
            alt.Tooltip("prompts:Q", title="prompts", format=","),
        ],
    }
    colour = alt.Color(
        "model:N",
        scale=alt.Scale(domain=coloured, range=PALETTE[: len(coloured)]),
        legend=alt.Legend(orient="top", title=None, columns=2, labelLimit=150),
    )
    layers = alt.layer(
        alt.Chart(points[~is_coloured])
        .mark_line(color=GREY, point=alt.OverlayMarkDef(size=14, color=GREY))
        .encode(**encodings),
        alt.Chart(points[is_coloured]).mark_line(point=alt.OverlayMarkDef(size=20)).encode(color=colour, **encodings),
    )
    return cast(Chart, layers.properties(height=HEIGHT))


def winners(shares: pd.DataFrame) -> Chart:
    """Who supplies the winners: share of wins (bar), of candidates (tick); columns model, share, candidates."""
    order = shares["model"].tolist()
    base = alt.Chart(shares).encode(
        y=alt.Y("model:N", title=None, sort=order, axis=alt.Axis(labelLimit=170, labelOverlap=False)),
        tooltip=[
            alt.Tooltip("model:N", title="source model"),
            alt.Tooltip("share:Q", title="of the winners", format=".1%"),
            alt.Tooltip("candidates:Q", title="of the candidates", format=".1%"),
        ],
    )
    share = alt.X("share:Q", title="share of winners (line: of candidates)", axis=alt.Axis(format="%"))
    layers = alt.layer(
        base.mark_bar(color=PALETTE[4], height=14).encode(x=share),
        base.mark_tick(color=PALETTE[5], thickness=2, size=20).encode(x=alt.X("candidates:Q")),
    )
    return cast(Chart, layers.properties(height=len(shares) * 20 + AXIS))
