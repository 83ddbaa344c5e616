"""Data frame in, altair.Chart out; one module a topic. No I/O, no Streamlit.

A channel is given as its class, alt.X2("high:Q"): for a bare text or a condition Altair goes through its whole schema, 3 to
5 ms each.
"""

import altair as alt

from charts.written import Written

# Okabe and Ito's colours, told apart with any kind of colour vision.
GREY = "#9aa5ab"  # of what has no colour of its own
PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800"]

Chart = alt.Chart | alt.LayerChart
AnyChart = Chart | Written  # what can be shown
# For charts with a brush: as SVG it would be an image without a name in the page's tree. The page names the whole chart.
ON_CANVAS = {"embedOptions": {"renderer": "canvas"}}
