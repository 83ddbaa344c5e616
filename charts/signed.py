"""What charts of differences from zero share: the axis, and the line at zero."""

from typing import cast

import altair as alt
import pandas as pd

from charts import GREY


def signed_x(field: str, title: str) -> alt.X:
    """The field on an axis whose ticks have a sign and as many decimals, but for zero; a mark at its end is drawn whole."""
    # The labels at both ends a pixel inwards: they are measured narrower than they are drawn.
    axis = alt.Axis(format="+f", labelExpr="datum.value ? datum.label : '0'", tickCount=7, labelFlushOffset=-1)
    return alt.X(f"{field}:Q", title=title, axis=axis, scale=alt.Scale(padding=6))


def zero_line() -> alt.Chart:
    """A dashed line at zero, seen on white and on black."""
    line = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(strokeDash=[3, 3], strokeWidth=1.5, color=GREY)
    return cast(alt.Chart, line.encode(x=alt.X("zero:Q")))
