"""How one prompt's candidates were rewarded: the frame of `data_access.prompt.prompt(...).candidates`."""

from typing import Any

import altair as alt
import pandas as pd

from charts import GREY, ON_CANVAS, PALETTE, Chart
from charts.written import Layer, Written

BRUSH = "brush"
CANDIDATES = "candidates"  # the layer that is brushed
COLUMNS = ["candidate", "model", "reward", "percentile", "place"]  # of the frame, that are drawn
COLOURED = 6
OTHERS = "other models"
# How far below the histogram the pair is marked, in its height.
BELOW = {"chosen": 0.68, "rejected": 0.95}
PAIR_COLOUR = "#b5407d"
HEIGHT, ROW_HEIGHT = 136, 22
REWARD_TITLE = "reward (logit; compare within this prompt only)"
REWARD_SCALE: dict[str, Any] = {"zero": False, "nice": False, "padding": 12}
PROJECTED = 1.9  # how much larger everything is that is to be read from the back of a room
PERCENTILE_TITLE = "mean percentile by all scorers (100 is best)"


def _tip(field: str, title: str, form: str | None = None, kind: str = "quantitative") -> dict[str, str]:
    return {"field": field, "title": title, "type": kind} | ({"format": form} if form else {})


TOOLTIP = [
    _tip("candidate", "candidate"),
    _tip("model", "source model", kind="nominal"),
    _tip("reward", "reward", ".3f"),
    _tip("place", "rank"),
    _tip("percentile", "percentile", ".0f"),
]
BIN_TOOLTIP = [_tip("low", "reward from", ".2f"), _tip("high", "to", ".2f"), _tip("n", "candidates")]
PAIR_TOOLTIP = [_tip("side", "pair", kind="nominal"), *TOOLTIP]


def distribution(
    candidates: pd.DataFrame,
    bins: pd.DataFrame,
    selected: int,
    matches: dict[str, tuple[int, ...]],
    kept: tuple[float, float] | None,
    title: str = REWARD_TITLE,
    size: float = 1,
    named: dict[str, int] | None = None,
) -> Written:
    """Histogram of the rewards over one tick a candidate, coloured by source model; the pair's matches are marked.

    `bins` is `data_access.prompt.histogram`; `selected` is a candidate number; `matches` has the candidates with the text
    of 'chosen' and 'rejected'; `kept` is the range of rewards that is brushed. Brushing selects a range of `reward`
    under the name BRUSH. `title` says what a reward is. `size` enlarges words and marks, but for the chart as a whole;
    `named` has candidates to be pointed at by a letter.
    """
    scored = candidates.dropna(subset="reward")
    shown = scored[["candidate", "reward", "percentile", "place"]].assign(
        model=scored["model"].fillna("unknown"), colour=_coloured(scored, selected)
    )
    most = int(bins["n"].max())
    axis = {"titlePadding": 1, "titleFontSize": 11 * size, "labelFontSize": 10 * size, "labelPadding": 2, "tickSize": 3}
    on_axis = {"type": "quantitative", "title": title, "scale": REWARD_SCALE, "axis": axis}
    reward = {"field": "reward", **on_axis}
    # Below zero is room for the ticks and the pair.
    room = (1.1 if any(matches.values()) else 0.6) * most
    count = {
        "field": "n",
        "type": "quantitative",
        "title": "candidates",
        "scale": {"domain": [-room, most]},
        "axis": {"values": [0, most], "titleFontSize": 11 * size, "labelFontSize": 10 * size},
    }
    histogram = {
        "data": bins,
        "mark": {"type": "bar", "color": "#8aa6b4", "binSpacing": 1},
        "encoding": {
            "x": {"field": "low", "bin": "binned", **on_axis},
            "x2": {"field": "high"},
            "y": count,
            "tooltip": BIN_TOOLTIP,
        },
    }
    ticks = {
        "data": shown,
        "name": CANDIDATES,
        "mark": {"type": "tick", "thickness": 2 * size, "size": 16 * size},
        "encoding": {
            "x": reward,
            "y": {"datum": -0.3 * most},
            "color": _colour(shown, size),
            "opacity": {"condition": {"param": BRUSH, "value": 0.9}, "value": 0.2},
            "tooltip": TOOLTIP,
        },
    }
    pointer = {
        "data": shown[shown["candidate"] == selected],
        "mark": {
            "type": "point",
            "shape": "circle",
            "size": 90 * size,
            "filled": False,
            "strokeWidth": 2,
            "color": "#e07b00",
        },
        "encoding": {"x": reward, "y": {"datum": -0.3 * most}, "tooltip": TOOLTIP},
    }
    brush = {"name": BRUSH, "select": {"type": "interval", "encodings": ["x"]}, "views": [CANDIDATES]}
    return Written(
        [
            histogram,
            ticks,
            pointer,
            *_pair(shown, matches, most, reward, size),
            *_letters(shown, named, reward, size),
        ],
        params=[brush | ({"value": {"x": list(kept)}} if kept else {})],
        config={"view": {"stroke": None}},
        usermeta=ON_CANVAS,
    )


def by_model(candidates: pd.DataFrame, title: str = REWARD_TITLE) -> Chart:
    """One row a source model that has several scored candidates, one tick a candidate: best first by median reward."""
    scored = candidates.dropna(subset=["reward", "model"])
    order = scored.groupby("model")["reward"].median().sort_values(ascending=False).index.tolist()
    chart: alt.Chart = (
        alt.Chart(scored[["candidate", "model", "reward", "place"]])
        .mark_tick(thickness=2, size=14, color=PALETTE[4])
        .encode(
            x=alt.X("reward:Q", title=title, scale=alt.Scale(**REWARD_SCALE)),
            y=alt.Y("model:N", title=None, sort=order, axis=alt.Axis(labelLimit=200, grid=True)),
            tooltip=[
                alt.Tooltip("model:N", title="source model"),
                alt.Tooltip("candidate:Q", title="candidate"),
                alt.Tooltip("reward:Q", title="reward", format=".3f"),
                alt.Tooltip("place:Q", title="rank"),
            ],
        )
        .properties(height=alt.Step(ROW_HEIGHT))
    )
    return chart


def _colour(shown: pd.DataFrame, size: float) -> dict[str, Any]:
    """The channel of the source models' colours, with a legend of one line at the top of the strip."""
    names = [name for name in shown["colour"].unique() if name != OTHERS]
    colours = dict(zip(names, PALETTE, strict=False)) | ({OTHERS: GREY} if OTHERS in set(shown["colour"]) else {})
    legend = {
        "orient": "top",
        "title": None,
        "labelLimit": 230 * size,
        "labelFontSize": 10 * size,
        "symbolSize": 40 * size,
        "offset": 0,
        "padding": 0,
        "columns": 0,
    }
    return {
        "field": "colour",
        "type": "nominal",
        "title": "source model",
        "scale": {"domain": list(colours), "range": list(colours.values())},
        "legend": legend if names else None,
    }


def _letters(shown: pd.DataFrame, named: dict[str, int] | None, reward: dict[str, Any], size: float) -> list[Layer]:
    """A letter over the tick of each candidate that is named, those of one candidate together."""
    letters: dict[int, str] = {}
    for letter, candidate in (named or {}).items():
        letters[candidate] = f"{letters[candidate]}, {letter}" if candidate in letters else letter
    found = shown[shown["candidate"].isin(letters)]
    if found.empty:
        return []
    found = found.assign(letter=found["candidate"].map(letters))
    text = {"field": "letter", "type": "nominal"}
    encoding = {"x": reward, "y": {"datum": 0}, "text": text, "tooltip": TOOLTIP}
    look = {"type": "text", "fontSize": 14 * size, "fontWeight": "bold", "baseline": "bottom", "dy": -2}
    # Dark on a light rim: to be read on a bar, and on a light and a dark page.
    rim = {"color": "white", "stroke": "white", "strokeWidth": 4}
    return [{"data": found, "mark": look | colour, "encoding": encoding} for colour in (rim, {"color": "#111"})]


def _pair(
    shown: pd.DataFrame, matches: dict[str, tuple[int, ...]], most: int, reward: dict[str, Any], size: float
) -> list[Layer]:
    """A triangle and a word for each candidate with a text of the pair; the word points away from the edge."""
    middle = (shown["reward"].min() + shown["reward"].max()) / 2
    sides = [shown[shown["candidate"].isin(numbers)].assign(side=side) for side, numbers in matches.items()]
    found = pd.concat(sides) if sides else shown[:0]
    if found.empty:
        return []
    found = found.assign(y=found["side"].map(BELOW) * -most, is_right=found["reward"] > middle)
    place = {"x": reward, "y": {"field": "y", "type": "quantitative"}, "tooltip": PAIR_TOOLTIP}
    shapes = {"domain": list(BELOW), "range": ["triangle-up", "triangle-down"]}
    triangle = {"field": "side", "type": "nominal", "legend": None, "scale": shapes}
    word = {
        "type": "text",
        "fontSize": 11 * size,
        "color": PAIR_COLOUR,
        "align": {"expr": "datum.is_right ? 'right' : 'left'"},
        "dx": {"expr": f"datum.is_right ? {-9 * size} : {9 * size}"},
    }
    return [
        {
            "data": found,
            "mark": {"type": "point", "size": 70 * size, "filled": True, "color": PAIR_COLOUR, "opacity": 1},
            "encoding": place | {"shape": triangle},
        },
        {"data": found, "mark": word, "encoding": place | {"text": {"field": "side", "type": "nominal"}}},
    ]


def _coloured(scored: pd.DataFrame, selected: int) -> pd.Series:
    """A colour's name for each candidate: its source model for the selected one's and the most frequent, else OTHERS."""
    counts = scored["model"].value_counts()
    frequent = counts.index if len(counts) <= COLOURED else counts[counts > 1].index[:COLOURED]
    chosen = {*frequent, *scored.loc[scored["candidate"] == selected, "model"]}
    return scored["model"].where(scored["model"].notna() & scored["model"].isin(chosen), OTHERS)
