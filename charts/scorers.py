"""How scorers of the same candidates agree: the frames of `data_access.questions.agreement`."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.histogram import histogram

PANEL_HEIGHT = 250  # of each chart of a pair of scorers
ROW_HEIGHT, AROUND_ROWS = 14, 60  # of a chart by part, where it has many
CELL, MOST_FITTING = 52, 8  # more scorers than that do not fit half the screen: the matrix scrolls in its container
LARGEST_FLAT = 4  # names of this many scorers stand side by side; of more they slant
PERCENTILES_HEIGHT = 300
TAU = "rank correlation τ-b (mean over prompts)"
PLAIN_TEXT = "#7a858b"  # read on white and on black


def by_part(parts: pd.DataFrame) -> Chart:
    """One row a section or subset: the mean rank correlation of two scorers with its 95 % interval; frame of `by_part`."""
    scale = alt.Scale(nice=False, zero=True, padding=28)
    base = alt.Chart(parts.assign(end=parts["high"].fillna(parts["tau"]))).encode(
        y=alt.Y(
            "part:N",
            title=None,
            sort=parts["part"].tolist(),
            axis=alt.Axis(
                labelLimit=170, labelFontSize=11 if len(parts) < 16 else 10, labelOverlap=False, labelFlush=False
            ),
        ),
        tooltip=[
            alt.Tooltip("part:N", title="of"),
            alt.Tooltip("tau:Q", title="τ-b", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("n:Q", title="prompts", format=","),
        ],
    )
    axis = alt.Axis(format="+.1f", tickCount=6)
    layers = [
        base.mark_rule(strokeWidth=2, color=PALETTE[0]).encode(
            x=alt.X("low:Q", title=TAU, scale=scale, axis=axis), x2=alt.X2("high:Q")
        ),
        base.mark_point(filled=True, size=50, opacity=1, color=PALETTE[0]).encode(x=alt.X("tau:Q", scale=scale)),
        base.mark_text(align="left", dx=6, fontSize=10, color=PLAIN_TEXT).encode(
            x=alt.X("end:Q", scale=scale), text=alt.Text("tau:Q", format="+.2f")
        ),
    ]
    return alt.LayerChart(layer=layers, height=max(PANEL_HEIGHT, AROUND_ROWS + ROW_HEIGHT * len(parts)))


def seen_in_parts(parts: pd.DataFrame) -> str:
    """What one sees in that chart, in a sentence."""
    most, least = _ends(parts)
    if most is None or least is None:
        return "Rank correlation of A and B is not defined in any part"
    return (
        f"A and B agree most in {most['part']} (τ-b {most['tau']:+.2f}) and least in {least['part']} "
        f"({least['tau']:+.2f}), of {len(parts):,}"
    )


def by_prompt(bins: pd.DataFrame) -> Chart:
    """How many prompts have which rank correlation of two scorers; frame of `tau_bins`."""
    chart: Chart = histogram(bins, "rank correlation τ-b of A and B", "prompts").properties(height=PANEL_HEIGHT)
    return chart


def seen_in_bins(bins: pd.DataFrame, mean: float) -> str:
    """What one sees in that chart, in a sentence."""
    opposed = int(bins.loc[bins["high"] <= 0, "n"].sum())
    return f"Rank correlation of A and B: mean {mean:+.2f}; below 0 in {opposed:,} of {int(bins['n'].sum()):,} prompts"


def fits(scorers: Sequence[str]) -> bool:
    """Whether the matrix of these scorers fits half a screen."""
    return len(scorers) <= MOST_FITTING


def matrix(pairs: pd.DataFrame, scorers: Sequence[str]) -> Chart:
    """The mean rank correlation of each pair of scorers, as a figure on a colour; frame of `pairs`."""
    turned = pairs.rename(columns={"first": "other", "other": "first"})
    n = len(scorers)
    across = (
        alt.Axis(labelAngle=0, labelLimit=480 // n, labelFlush=False)
        if n <= LARGEST_FLAT
        else alt.Axis(labelLimit=120, labelAngle=-40)
    )
    base = alt.Chart(pd.concat([pairs, turned])[["first", "other", "tau", "low", "high", "n"]]).encode(
        x=alt.X("other:N", title=None, sort=list(scorers), axis=across),
        y=alt.Y("first:N", title=None, sort=list(scorers), axis=alt.Axis(labelLimit=150, labelFlush=False)),
        tooltip=[
            alt.Tooltip("first:N", title="scorer"),
            alt.Tooltip("other:N", title="and"),
            alt.Tooltip("tau:Q", title="τ-b", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("n:Q", title="prompts", format=","),
        ],
    )
    # The figures are written in the cells: no legend.
    colour = alt.Color("tau:Q", legend=None, scale=alt.Scale(scheme="blueorange", domain=[-1, 1], reverse=True))
    # The ends of the scale are dark, its middle is light.
    written = alt.condition("abs(datum.tau) > 0.6", alt.value("white"), alt.value("black"))
    layers = [
        base.mark_rect().encode(color=colour),
        base.mark_text(fontSize=12).encode(text=alt.Text("tau:Q", format="+.2f"), color=written),
    ]
    width = alt.Undefined if fits(scorers) else alt.Step(CELL)
    return alt.LayerChart(layer=layers, height=max(PANEL_HEIGHT, 24 * n + 80), width=width)


def seen_in_matrix(pairs: pd.DataFrame) -> str:
    """What one sees in that chart, in a sentence."""
    most, least = _ends(pairs)
    if most is None or least is None:
        return "Rank correlation is not defined for any pair of scorers"
    return (
        f"{most['first']} and {most['other']} agree most (τ-b {most['tau']:+.2f}), {least['first']} and {least['other']} "
        f"least ({least['tau']:+.2f})"
    )


def _ends(rows: pd.DataFrame) -> "tuple[pd.Series, pd.Series] | tuple[None, None]":
    """The rows with the highest and the lowest `tau`."""
    ordered = rows.dropna(subset="tau").sort_values("tau", kind="stable")
    return (ordered.iloc[-1], ordered.iloc[0]) if len(ordered) else (None, None)


def percentiles(points: pd.DataFrame, first: str, other: str) -> Chart:
    """A point where candidates of a prompt stand, larger for several: percentile by the one scorer and by the other.

    `points` is the frame of `data_access.questions.scorers.paired_percentiles`.
    """
    place = ["x_percentile", "y_percentile", "x_place", "y_place"]
    merged = points.assign(which="#" + points["candidate"].astype(str), model=points["model"].fillna("unknown"))
    merged = merged.groupby(place, as_index=False).agg(
        n=("candidate", "size"),
        which=("which", ", ".join),
        models=("model", lambda names: ", ".join(dict.fromkeys(names))),
    )
    scale = alt.Scale(domain=[0, 100], nice=False, padding=6)
    diagonal = (
        alt.Chart(pd.DataFrame({"x": [0, 100], "y": [0, 100]}))
        .mark_line(strokeDash=[4, 4], color="#9aa5ab")
        .encode(x=alt.X("x:Q", title=f"percentile by {first}", scale=scale), y=alt.Y("y:Q", scale=scale))
    )
    dots = (
        alt.Chart(merged)
        .mark_point(filled=True, opacity=0.8, color=PALETTE[4])
        .encode(
            x=alt.X("x_percentile:Q", title=f"percentile by {first}", scale=scale),
            y=alt.Y("y_percentile:Q", title=f"percentile by {other}", scale=scale),
            size=alt.Size(
                "n:Q", legend=None, scale=alt.Scale(domain=[1, max(2, int(merged["n"].max()))], range=[45, 260])
            ),
            tooltip=[
                alt.Tooltip("n:Q", title="candidates"),
                alt.Tooltip("which:N", title="candidate"),
                alt.Tooltip("models:N", title="source model"),
                alt.Tooltip("x_place:Q", title="rank by A"),
                alt.Tooltip("y_place:Q", title="rank by B"),
                alt.Tooltip("x_percentile:Q", title="percentile by A", format=".0f"),
                alt.Tooltip("y_percentile:Q", title="percentile by B", format=".0f"),
            ],
        )
    )
    return alt.LayerChart(layer=[diagonal, dots], height=PERCENTILES_HEIGHT)
