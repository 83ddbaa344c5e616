"""All prompts as points: the frame of `data_access.questions.prompts.prompt_figures`."""

from typing import Any

import altair as alt
import pandas as pd

from charts import ON_CANVAS, PALETTE, Chart

BRUSH = "brush"
HEIGHT = 260
TITLES = {
    "spread": "spread of rewards (sd, logits)",
    "gap": "gap of best to second (logits)",
    "lead": "best above the mean (logits)",
    "length": "rank correlation of reward and length",
    "texts": "different texts",
}

Ends = tuple[float, float] | None


def scatter(points: pd.DataFrame, x: str, y: str, kept_x: Ends, kept_y: Ends) -> Chart:
    """One point a prompt, at two of TITLES. Brushing selects ranges of both, under the name BRUSH; `kept_*` are brushed."""
    ends: Any = {"x": kept_x, "y": kept_y} if kept_x and kept_y else alt.Undefined
    brush = alt.selection_interval(name=BRUSH, encodings=["x", "y"], value=ends)
    chart: alt.Chart = (
        alt.Chart(points, name="prompts")
        .mark_circle(size=28, color=PALETTE[0])
        .encode(
            x=alt.X(f"{x}:Q", title=TITLES[x], scale=alt.Scale(zero=False)),
            y=alt.Y(f"{y}:Q", title=TITLES[y], scale=alt.Scale(zero=False)),
            opacity=alt.OpacityValue(0.15, condition={"param": BRUSH, "value": 0.65}),
            tooltip=[
                alt.Tooltip("prompt_id:Q", title="prompt"),
                alt.Tooltip("prompt:N", title="begins"),
                alt.Tooltip("subset:N", title="subset"),
                alt.Tooltip(f"{x}:Q", format=".2f"),
                alt.Tooltip(f"{y}:Q", format=".2f"),
            ],
        )
        .add_params(brush)
        .properties(height=HEIGHT, usermeta=ON_CANVAS)
    )
    return chart
