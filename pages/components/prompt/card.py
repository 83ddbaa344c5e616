"""A prompt's card: a picture of it for slides, as PNG and SVG, drawn when it is asked for."""

import streamlit as st

from charts import card as charts
from charts.card import Card, Ranked
from data_access.frames import records
from data_access.plain_text import inert, one_line
from data_access.questions import prompt as prompts
from data_access.questions.prompt import Prompt, rank_label
from data_access.questions.said import prompt as said
from pages.components.chart.save_picture import Draw, picture_links
from pages.components.state.session import View

BEST = 5  # texts that it lists


def card_downloads(view: View, found: Prompt) -> None:
    """Links for the card's files."""
    of = one_line(f"{view.dataset.name} · scorer {view.scorer} · made with Rewardscope", 120)
    drawn: dict[str, Draw] = {
        "png": lambda: charts.png(card_of(found, of)),
        "svg": lambda: charts.svg(card_of(found, of)),
    }
    with st.container(key="card", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("A card of the prompt, for slides", width="content")
        picture_links("card", f"prompt-{int(found.row['prompt_id'])}", drawn)


def card_of(found: Prompt, of: str) -> Card:
    """What a prompt's card says; `of` stands at its foot."""
    row, scored = found.row, found.candidates.dropna(subset="reward")
    place = [one_line(one, 60) for one in (row["subset"], row["section"]) if isinstance(one, str)]
    return Card(
        f"Prompt {row['prompt_id']}",
        inert(row["prompt"]) if isinstance(row["prompt"], str) else "",
        " · ".join([*place, *said.summary(found)]),
        prompts.histogram(found.candidates),
        scored["reward"].tolist(),
        {side.side: scored.loc[scored["candidate"].isin(side.candidates), "reward"].tolist() for side in found.pair},
        [
            Ranked(
                rank_label(one["place"], one["tied"]),
                f"{one['reward']:.2f}",
                one_line(one["model"], 60),
                one_line(one["response"]),
            )
            for one in records(prompts.collapsed(scored).head(BEST))
        ],
        of,
    )
