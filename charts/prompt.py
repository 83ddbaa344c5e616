"""How one prompt's candidates were rewarded: the frame of `data_access.prompt.prompt(...).candidates`."""

from typing import Any

import altair as alt
import pandas as pd

from charts import GREY, ON_CANVAS, PALETTE, Chart

BRUSH = "brush"
COLUMNS = ["candidate", "model", "reward", "percentile", "place"]  # of the frame, that are drawn
COLOURED = 6
OTHERS = "other models"
# How far below the histogram the pair is marked, in its height.
BELOW = {"chosen": 0.68, "rejected": 0.95}
PAIR_COLOUR = "#b5407d"
HEIGHT, ROW_HEIGHT = 136, 22
REWARD_TITLE = "reward (logit; compare within this prompt only)"
REWARD_SCALE = alt.Scale(zero=False, nice=False, padding=12)
PROJECTED = 1.9  # how much larger everything is that is to be read from the back of a room
PERCENTILE_TITLE = "mean percentile by all scorers (100 is best)"
TOOLTIP = [
    alt.Tooltip("candidate:Q", title="candidate"),
    alt.Tooltip("model:N", title="source model"),
    alt.Tooltip("reward:Q", title="reward", format=".3f"),
    alt.Tooltip("place:Q", title="rank"),
    alt.Tooltip("percentile:Q", title="percentile", format=".0f"),
]


def distribution(
    candidates: pd.DataFrame,
    bins: pd.DataFrame,
    selected: int,
    matches: dict[str, tuple[int, ...]],
    kept: tuple[float, float] | None,
    title: str = REWARD_TITLE,
    size: float = 1,
    named: dict[str, int] | None = None,
) -> Chart:
    """Histogram of the rewards over one tick a candidate, coloured by source model; the pair's matches are marked.

    `bins` is `data_access.prompt.histogram`; `selected` is a candidate number; `matches` has the candidates with the text
    of 'chosen' and 'rejected'; `kept` is the range of rewards that is brushed. Brushing selects a range of `reward`
    under the name BRUSH. `title` says what a reward is. `size` enlarges words and marks, but for the chart as a whole;
    `named` has candidates to be pointed at by a letter.
    """
    axis = alt.Axis(titlePadding=1, titleFontSize=11 * size, labelFontSize=10 * size, labelPadding=2, tickSize=3)
    reward = alt.X("reward:Q", title=title, scale=REWARD_SCALE, axis=axis)
    scored = candidates.dropna(subset="reward")
    shown = scored[["candidate", "reward", "percentile", "place"]].assign(
        model=scored["model"].fillna("unknown"), colour=_coloured(scored, selected)
    )
    most = int(bins["n"].max())
    steps = [0, most]
    brush = alt.selection_interval(name=BRUSH, encodings=["x"], value={"x": list(kept)} if kept else alt.Undefined)
    histogram = (
        alt.Chart(bins)
        .mark_bar(color="#8aa6b4", binSpacing=1)
        .encode(
            x=alt.X("low:Q", bin="binned", title=title, scale=REWARD_SCALE, axis=axis),
            x2=alt.X2("high:Q"),
            # Below zero is room for the ticks and the pair.
            y=alt.Y(
                "n:Q",
                title="candidates",
                scale=alt.Scale(domain=[-(1.1 if any(matches.values()) else 0.6) * most, most]),
                axis=alt.Axis(values=steps, titleFontSize=11 * size, labelFontSize=10 * size),
            ),
            tooltip=[
                alt.Tooltip("low:Q", title="reward from", format=".2f"),
                alt.Tooltip("high:Q", title="to", format=".2f"),
                alt.Tooltip("n:Q", title="candidates"),
            ],
        )
    )
    # One line at the top of the strip.
    legend = alt.Legend(
        orient="top",
        title=None,
        labelLimit=230 * size,
        labelFontSize=10 * size,
        symbolSize=40 * size,
        offset=0,
        padding=0,
        columns=0,
    )
    names = [name for name in shown["colour"].unique() if name != OTHERS]
    colours = dict(zip(names, PALETTE, strict=False)) | ({OTHERS: GREY} if OTHERS in set(shown["colour"]) else {})
    colour = alt.Color(
        "colour:N",
        title="source model",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=legend if names else None,
    )
    ticks = (
        alt.Chart(shown, name="candidates")  # unnamed, Altair hashes the whole chart to name the brush's view
        .mark_tick(thickness=2 * size, size=16 * size)
        .encode(
            x=reward,
            y=alt.YDatum(-0.3 * most),
            color=colour,
            opacity=alt.OpacityValue(0.2, condition={"param": BRUSH, "value": 0.9}),
            tooltip=TOOLTIP,
        )
        .add_params(brush)
    )
    pointer = (
        alt.Chart(shown[shown["candidate"] == selected])
        .mark_point(shape="circle", size=90 * size, filled=False, strokeWidth=2, color="#e07b00")
        .encode(x=reward, y=alt.YDatum(-0.3 * most), tooltip=TOOLTIP)
    )
    layers = [
        histogram,
        ticks,
        pointer,
        *_pair(shown, matches, most, reward, size),
        *_letters(shown, named, reward, size),
    ]
    return alt.LayerChart(layer=layers, config=alt.Config(view=alt.ViewConfig(stroke=None)), usermeta=ON_CANVAS)


def by_model(candidates: pd.DataFrame, title: str = REWARD_TITLE) -> Chart:
    """One row a source model that has several scored candidates, one tick a candidate: best first by median reward."""
    scored = candidates.dropna(subset=["reward", "model"])
    order = scored.groupby("model")["reward"].median().sort_values(ascending=False).index.tolist()
    chart: alt.Chart = (
        alt.Chart(scored[["candidate", "model", "reward", "place"]])
        .mark_tick(thickness=2, size=14, color=PALETTE[4])
        .encode(
            x=alt.X("reward:Q", title=title, scale=REWARD_SCALE),
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


def _letters(shown: pd.DataFrame, named: dict[str, int] | None, reward: alt.X, size: float) -> list[alt.Chart]:
    """A letter over the tick of each candidate that is named, those of one candidate together."""
    letters: dict[int, str] = {}
    for letter, candidate in (named or {}).items():
        letters[candidate] = f"{letters[candidate]}, {letter}" if candidate in letters else letter
    found = shown[shown["candidate"].isin(letters)]
    if found.empty:
        return []
    base = alt.Chart(found.assign(letter=found["candidate"].map(letters))).encode(
        x=reward, y=alt.datum(0), text=alt.Text("letter:N"), tooltip=TOOLTIP
    )
    look: dict[str, Any] = {"fontSize": 14 * size, "fontWeight": "bold", "baseline": "bottom", "dy": -2}
    # Dark on a light rim: to be read on a bar, and on a light and a dark page.
    return [base.mark_text(color="white", stroke="white", strokeWidth=4, **look), base.mark_text(color="#111", **look)]


def _pair(
    shown: pd.DataFrame, matches: dict[str, tuple[int, ...]], most: int, reward: alt.X, size: float
) -> list[alt.Chart]:
    """A triangle and a word for each candidate with a text of the pair; the word points away from the edge."""
    middle = (shown["reward"].min() + shown["reward"].max()) / 2
    sides = [shown[shown["candidate"].isin(numbers)].assign(side=side) for side, numbers in matches.items()]
    found = pd.concat(sides) if sides else shown[:0]
    if found.empty:
        return []
    found = found.assign(y=found["side"].map(BELOW) * -most, is_right=found["reward"] > middle)
    base = alt.Chart(found).encode(
        x=reward,
        y=alt.Y("y:Q"),
        shape=alt.Shape(
            "side:N", legend=None, scale=alt.Scale(domain=list(BELOW), range=["triangle-up", "triangle-down"])
        ),
        tooltip=[alt.Tooltip("side:N", title="pair"), *TOOLTIP],
    )
    word = base.mark_text(
        fontSize=11 * size,
        color=PAIR_COLOUR,
        align=alt.expr("datum.is_right ? 'right' : 'left'"),
        dx=alt.expr(f"datum.is_right ? {-9 * size} : {9 * size}"),
    )
    return [
        base.mark_point(size=70 * size, filled=True, color=PAIR_COLOUR, opacity=1),
        word.encode(text=alt.Text("side:N")),
    ]


def _coloured(scored: pd.DataFrame, selected: int) -> pd.Series:
    """A colour's name for each candidate: its source model for the selected one's and the most frequent, else OTHERS."""
    counts = scored["model"].value_counts()
    frequent = counts.index if len(counts) <= COLOURED else counts[counts > 1].index[:COLOURED]
    chosen = {*frequent, *scored.loc[scored["candidate"] == selected, "model"]}
    return scored["model"].where(scored["model"].notna() & scored["model"].isin(chosen), OTHERS)
