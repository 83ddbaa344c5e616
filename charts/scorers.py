"""How scorers of the same candidates agree: the frames of `data_access.questions.agreement`."""

import altair as alt
import pandas as pd

from charts import PALETTE, Chart

ROW_HEIGHT = 24
TAU = "rank correlation τ-b, mean over prompts"


def by_part(parts: pd.DataFrame) -> Chart:
    """One row a section or subset: the mean rank correlation of two scorers with its 95 % interval; frame of `by_part`."""
    base = alt.Chart(parts).encode(
        y=alt.Y("part:N", title=None, sort=parts["part"].tolist(), axis=alt.Axis(labelLimit=200)),
        tooltip=[
            alt.Tooltip("part:N", title="of"),
            alt.Tooltip("tau:Q", title="τ-b", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("n:Q", title="prompts", format=","),
        ],
    )
    layers = [
        base.mark_rule(strokeWidth=2, color=PALETTE[0]).encode(x=alt.X("low:Q", title=TAU), x2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1, color=PALETTE[0]).encode(x=alt.X("tau:Q")),
    ]
    return alt.LayerChart(layer=layers, height=alt.Step(ROW_HEIGHT))


def matrix(pairs: pd.DataFrame, scorers: list[str]) -> Chart:
    """The mean rank correlation of each pair of scorers, as a figure on a colour; frame of `pairs`."""
    turned = pairs.rename(columns={"first": "other", "other": "first"})
    base = alt.Chart(pd.concat([pairs, turned])[["first", "other", "tau", "low", "high", "n"]]).encode(
        x=alt.X("other:N", title=None, sort=scorers, axis=alt.Axis(labelLimit=150, labelAngle=-40)),
        y=alt.Y("first:N", title=None, sort=scorers, axis=alt.Axis(labelLimit=200)),
        tooltip=[
            alt.Tooltip("first:N", title="scorer"),
            alt.Tooltip("other:N", title="and"),
            alt.Tooltip("tau:Q", title="τ-b", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("n:Q", title="prompts", format=","),
        ],
    )
    colour = alt.Color("tau:Q", title="τ-b", scale=alt.Scale(scheme="blueorange", domain=[-1, 1], reverse=True))
    # The ends of the scale are dark, its middle is light.
    written = alt.condition("abs(datum.tau) > 0.6", alt.value("white"), alt.value("black"))
    layers = [
        base.mark_rect().encode(color=colour),
        base.mark_text(fontSize=11).encode(text=alt.Text("tau:Q", format="+.2f"), color=written),
    ]
    return alt.LayerChart(layer=layers, width=alt.Step(52), height=alt.Step(34))


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
    return alt.LayerChart(layer=[diagonal, dots], height=380)
