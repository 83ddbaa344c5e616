"""A chart that counts how often it is made."""

import altair as alt
import pandas as pd

MADE: list[int] = []


def bars(frame: pd.DataFrame) -> alt.Chart:
    MADE.append(int(frame["n"].iloc[0]))
    chart: alt.Chart = alt.Chart(frame).mark_bar().encode(x=alt.X("n:Q"))
    return chart
