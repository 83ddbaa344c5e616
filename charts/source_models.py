"""How source models stand by a scorer: the frames of `data_access.source_models.standing`."""

from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd

from charts import PALETTE, Chart

CELL = "cell"
ROW_HEIGHT = 22
AXIS = 112  # pixels of the axis with its title, and of the legend
LEGEND = alt.Legend(orient="top", title=None, offset=2)
PLAIN, ADJUSTED = "score", "length held equal"


def forest(table: pd.DataFrame) -> Chart:
    """One row a source model, in the table's order: its score with its 95 % interval, as it is and with length held equal."""
    kinds = [
        table[["model", "score", "low", "high"]].assign(kind=PLAIN),
        table[["model", "adjusted", "adjusted_low", "adjusted_high"]]
        .set_axis(["model", "score", "low", "high"], axis=1)
        .assign(kind=ADJUSTED),
    ]
    base = alt.Chart(pd.concat(kinds)).encode(
        y=alt.Y("model:N", title=None, sort=table["model"].tolist(), axis=alt.Axis(labelLimit=170, labelOverlap=False)),
        yOffset=alt.YOffset("kind:N", sort=[PLAIN, ADJUSTED]),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=[PLAIN, ADJUSTED], range=PALETTE[:2]),
            legend=LEGEND,
        ),
        tooltip=[
            alt.Tooltip("model:N", title="source model"),
            alt.Tooltip("kind:N", title="score"),
            alt.Tooltip("score:Q", title="logits", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
        ],
    )
    title = "score (logits; 0 is the average)"
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=[PLAIN, ADJUSTED], range=["circle", "diamond"]),
        legend=LEGEND,
    )
    x = alt.X("low:Q", axis=alt.Axis(orient="top"))
    layers = alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(x=x.title(title), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=32, opacity=1).encode(
            x=alt.X("score:Q", title=title, axis=alt.Axis(orient="top")), shape=shape
        ),
    )
    return cast(Chart, layers.properties(height=len(table) * ROW_HEIGHT + AXIS))


def head_to_head(models: list[str], wins: np.ndarray, shared: np.ndarray) -> Chart:
    """Win rate of the row's source model against the column's, in this order; a click selects `model` and `other` as CELL."""
    rows = pd.DataFrame(
        {
            "model": np.repeat(models, len(models)),
            "other": np.tile(models, len(models)),
            "win_rate": wins.ravel(),
            "shared": shared.ravel(),
        }
    )
    side = _side(len(models))
    style: dict[str, Any] = {
        "labelLimit": 170,
        "labelFontSize": max(8, min(12, side - 2)),
        "labelOverlap": False,
        "labelFlush": False,
    }
    chart = (
        alt.Chart(rows[rows["shared"] > 0])
        .mark_rect()
        .encode(
            x=alt.X("other:N", sort=models, title="against", axis=alt.Axis(**style, orient="top", labelAngle=-90)),
            y=alt.Y("model:N", sort=models, title=None, axis=alt.Axis(**style)),
            color=alt.Color(
                "win_rate:Q",
                title="win rate",
                scale=alt.Scale(scheme="blueorange", domain=[0, 1], domainMid=0.5, reverse=True),
                legend=alt.Legend(format="%", orient="right"),
            ),
            tooltip=[
                alt.Tooltip("model:N", title="source model"),
                alt.Tooltip("other:N", title="against"),
                alt.Tooltip("win_rate:Q", title="win rate", format=".1%"),
                alt.Tooltip("shared:Q", title="shared prompts", format=","),
            ],
        )
        .properties(width=alt.Step(side), height=alt.Step(side))
        .add_params(alt.selection_point(name=CELL, fields=["model", "other"], toggle=False))
    )
    return cast(Chart, chart)


def _side(models: int) -> int:
    """Pixels of a cell."""
    return max(12, min(34, 760 // models))
