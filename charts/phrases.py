"""Which phrases distinguish the quarters: the frame of `data_access.questions.phrases`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.signed import PICKED, rows_y, signed_x, zero_line

ROW_HEIGHT = 20
AXIS = 96  # pixels of the axis with its title, and of the legend
SIDES = ("more in the best quarter", "more in the worst quarter")
OF_EACH = 12


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """What the chart shows of the table: the first OF_EACH of each side."""
    is_upper = table["z"] > 0
    return pd.concat([table[is_upper].head(OF_EACH), table[~is_upper].tail(OF_EACH)])


def log_odds(table: pd.DataFrame) -> Chart:
    """One row a phrase, in the table's order: by how much its odds differ between the quarters, with intervals; where one
    quarter never has it, the interval is open on that side. A click selects `phrase` as PICKED."""
    rows = table.assign(side=[SIDES[0] if z > 0 else SIDES[1] for z in table["z"]])
    labels = rows["phrase"].tolist()
    title = "log-odds, best against worst quarter"
    base = alt.Chart(rows).encode(
        y=rows_y("phrase", labels, 190),
        color=alt.Color(
            "side:N",
            scale=alt.Scale(domain=list(SIDES), range=[PALETTE[0], PALETTE[5]]),
            legend=alt.Legend(orient="top", title=None, offset=2, columns=1),
        ),
        tooltip=[
            alt.Tooltip("phrase:N"),
            alt.Tooltip("log_odds:Q", title="log-odds", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("upper:Q", title="of the best quarter’s texts", format=".1%"),
            alt.Tooltip("lower:Q", title="of the worst quarter’s texts", format=".1%"),
            alt.Tooltip("prompts:Q", format=","),
        ],
    )
    layers = alt.layer(
        zero_line(),
        base.transform_calculate(
            low_end="isValid(datum.low) ? datum.low : datum.log_odds",
            high_end="isValid(datum.high) ? datum.high : datum.log_odds",
        )
        .mark_rule(strokeWidth=1.5)
        .encode(x=signed_x("low_end", title), x2=alt.X2("high_end:Q")),
        base.mark_point(filled=True, size=42, opacity=1)
        .encode(x=signed_x("log_odds", title))
        .add_params(alt.selection_point(name=PICKED, fields=["phrase"], toggle=False)),
    )
    return cast(Chart, layers.properties(height=len(labels) * ROW_HEIGHT + AXIS))
