"""What people prefer, against the scorers: the frames of `data_access.questions.people`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import GREY, PALETTE, Chart

ROW_HEIGHT = 44
AXIS = 84  # pixels of the axis with its title, and of the legend
HEIGHT = 300
KINDS = ("the scorer's preference", "the longer text")
LINES = ("as implied", "with the T that fits best")


def agreement(table: pd.DataFrame) -> Chart:
    """One row a scorer: how often people prefer what it prefers, and on the same pairs the longer text, with intervals; columns
    of `people.agreement`. Rows with too few pairs have no points."""
    label = [f"{scorer[:40]} ({n:,})" for scorer, n in zip(table["scorer"], table["n"], strict=True)]
    parts = [
        table[[f"{name}share", f"{name}low", f"{name}high", f"{name}n"]]
        .set_axis(["share", "low", "high", "n"], axis=1)
        .assign(kind=kind, label=label)
        for kind, name in zip(KINDS, ("", "length_"), strict=True)
    ]
    rows = pd.concat(parts, ignore_index=True).dropna(subset="share")
    shares = alt.Scale(domain=[0, 1])
    legend = alt.Legend(orient="top", title=None, offset=2, labelLimit=200)
    base = alt.Chart(rows).encode(
        y=alt.Y("label:N", title=None, sort=label, axis=alt.Axis(labelLimit=200, labelOverlap=False)),
        yOffset=alt.YOffset("kind:N", sort=list(KINDS)),
        color=alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS), range=[PALETTE[0], PALETTE[1]]), legend=legend),
        tooltip=[
            alt.Tooltip("label:N", title="scorer (pairs)"),
            alt.Tooltip("kind:N", title="people prefer"),
            alt.Tooltip("share:Q", format=".0%"),
            alt.Tooltip("low:Q", title="95 % from", format=".0%"),
            alt.Tooltip("high:Q", title="to", format=".0%"),
            alt.Tooltip("n:Q", title="pairs", format=","),
        ],
    )
    x = alt.X("share:Q", title="share of pairs in which people prefer it", scale=shares, axis=alt.Axis(format="%"))
    half = alt.Chart(pd.DataFrame({"half": [0.5]})).mark_rule(strokeDash=[3, 3], strokeWidth=1.5, color=GREY)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=list(KINDS), range=["circle", "diamond"]), legend=legend)
    layers = alt.layer(
        half.encode(x=alt.X("half:Q", scale=shares)),
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("low:Q", scale=shares), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=x, shape=shape),
    )
    return cast(Chart, layers.properties(height=len(table) * ROW_HEIGHT + AXIS))


def calibration(bins: pd.DataFrame, curve: pd.DataFrame) -> Chart:
    """How often people prefer the higher reward, by what the rewards imply: points with intervals, of bins with enough answers;
    the diagonal, where both are the same; and the curve of the temperature that fits best, where there is one. Columns of
    `people.calibration.Calibration`."""
    shares = alt.Scale(domain=[0, 1], nice=False)
    implied = alt.Scale(domain=[0.5, 1], nice=False)
    lines = pd.concat(
        [
            pd.DataFrame({"p": [0.5, 1.0], "share": [0.5, 1.0], "line": LINES[0]}),
            curve.assign(line=LINES[1]),
        ],
        ignore_index=True,
    )
    drawn = [LINES[0], *([LINES[1]] if len(curve) else [])]
    colour = alt.Color(
        "line:N",
        scale=alt.Scale(domain=drawn, range=[GREY, PALETTE[5]][: len(drawn)]),
        legend=alt.Legend(orient="top", title=None, offset=2, labelLimit=260),
    )
    points = alt.Chart(bins.dropna(subset="share")).encode(
        x=alt.X("implied:Q", title="RM-implied preference for the higher reward, σ(Δ)", scale=implied),
        tooltip=[
            alt.Tooltip("implied:Q", title="implied, mean", format=".0%"),
            alt.Tooltip("share:Q", title="people prefer it", format=".0%"),
            alt.Tooltip("share_low:Q", title="95 % from", format=".0%"),
            alt.Tooltip("share_high:Q", title="to", format=".0%"),
            alt.Tooltip("n:Q", title="answers", format=","),
            alt.Tooltip("prompts:Q", title="prompts", format=","),
        ],
    )
    axis = alt.Axis(format="%")
    x = alt.X("p:Q", title="RM-implied preference for the higher reward, σ(Δ)", scale=implied, axis=axis)
    y = alt.Y("share:Q", title="people who prefer it", scale=shares, axis=axis)
    layers = alt.layer(
        alt.Chart(lines).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=_dashes(drawn)),
        points.mark_rule(strokeWidth=1.5, color=PALETTE[0]).encode(
            y=alt.Y("share_low:Q", scale=shares), y2=alt.Y2("share_high:Q")
        ),
        points.mark_point(filled=True, size=60, opacity=1, color=PALETTE[0]).encode(y=alt.Y("share:Q", scale=shares)),
    )
    return cast(Chart, layers.properties(height=HEIGHT))


def _dashes(drawn: list[str]) -> alt.StrokeDash:
    """The diagonal is told apart without colour too."""
    dashes = [[4, 4], [1, 0]][: len(drawn)]
    return alt.StrokeDash("line:N", scale=alt.Scale(domain=drawn, range=dashes), legend=None)
