"""Checks: what does the scorer reward, and where is a reward not to be trusted?"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts import checks as charts
from data_access import checks, overview
from data_access.filters import PromptFilter
from pages.components import links
from pages.components.opened import kept, opened
from pages.components.texts import inline

open_now = opened()
dataset, scorer = open_now.dataset, open_now.scorer


def _row(check: checks.Check) -> None:
    """One check: what it asks, its figure, and a link to the prompts concerned."""
    asks, figure, link = st.columns([3, 6, 1], vertical_alignment="center")
    asks.markdown(f"**{check.asks}**")
    with figure:
        inline([check.figure], limit=500)
    if check.prompts:
        link.page_link(
            "prompts.py", label="Show", query_params=links.to_prompts(check.prompts), help="Show the prompts"
        )


def _formatted() -> checks.Check | None:
    bar = st.progress(0.0, "Reading the source.")
    try:
        return checks.formatted_without_response(dataset, lambda done: _show(bar, done))
    finally:
        bar.empty()


def _show(bar: DeltaGenerator, done: float) -> None:
    bar.progress(done, "Reading the source: which formatted texts contain their response.")


st.title("Checks", anchor=False)
counts = overview.counts(dataset, scorer)
by_subset = checks.length_by_subset(dataset, scorer)

st.subheader("Does it pay for length?", anchor=False)
if n := counts["prompts_with_length_correlation"]:
    st.markdown(
        f"Within a prompt, reward and length in characters have a rank correlation of "
        f"**{counts['mean_length_correlation']:+.2f}** (Spearman, mean over {n:,} prompts)."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.altair_chart(
            charts.length(checks.length_bins(dataset, scorer)), alt="Mean centred reward by relative length"
        )
        st.caption(
            "Scored candidates with a text, in 20 bins of equal size by length relative to their prompt's mean length."
        )
    with right:
        shown = by_subset.assign(note=[checks.official_note(dataset, name) for name in by_subset["subset"]])
        shown[["longest_wins", "chance", "chosen_is_longer"]] *= 100
        st.dataframe(
            shown,
            hide_index=True,
            height=320,
            placeholder="–",
            alt="Length and reward by subset",
            column_order=[
                "subset", "prompts", "correlation", "longest_wins", "chance", "pairs", "chosen_is_longer",
                *(["note"] if shown["note"].any() else []),
            ],
            column_config={
                "subset": st.column_config.TextColumn("subset", width=140),
                "prompts": st.column_config.NumberColumn("prompts", format="localized", width=70),
                "correlation": st.column_config.NumberColumn("length ρ", format="%+.2f", width=75),
                "longest_wins": st.column_config.NumberColumn(
                    "longest wins", help="How often the longest candidate has the best reward",
                    format="%.1f %%",
                    width=95,
                ),
                "chance": st.column_config.NumberColumn("by chance", help="How often any candidate has it"
                    , format="%.1f %%", width=95),
                "pairs": st.column_config.NumberColumn("pairs", format="localized", width=65),
                "chosen_is_longer": st.column_config.NumberColumn(
                    "chosen longer", help="“Always pick the longer answer” on RewardBench's pairs",
                    format="%.1f %%",
                    width=95,
                ),
            },
        )  # fmt: skip
    st.page_link(
        "prompts.py",
        label="Prompts by how much they pay for length",
        icon=":material/arrow_forward:",
        query_params=links.to_prompts(PromptFilter(sort="length", descending=True)),
    )
else:
    st.caption("No prompt has candidates of different lengths and rewards.")

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Does it pay for formatting?", anchor=False)
    shares = kept(dataset, "formatting", scorer, compute=lambda: checks.formatting(dataset, scorer))
    if len(shares):
        st.altair_chart(charts.formatting(shares), alt="Formatting of best against median candidates")
        st.caption(
            f"Of each of {int(shares['n'].iloc[0]):,} prompts with three or more scored candidates: the best and the median."
        )
    else:
        st.caption("No prompt has three scored candidates.")
with right:
    st.subheader("Does one text get one reward?", anchor=False)
    noise = checks.same_text_noise(dataset, scorer)
    if len(noise):
        first = noise.iloc[0]
        st.altair_chart(charts.noise(noise), alt=f"Noise of the scorer: standard deviation {first['sd']:.2f}")
        st.caption(
            f"{int(first['rewards']):,} candidates with {int(first['texts']):,} texts that several candidates of a prompt "
            f"have: their rewards differ with a standard deviation of {first['sd']:.2f}. That is this scorer's noise."
        )
        unequal = links.to_prompts(PromptFilter(flag=("unequal_same_text",)))
        st.page_link(
            "prompts.py", label="Prompts with unequal same texts", icon=":material/arrow_forward:", query_params=unequal
        )
    else:
        st.caption("No two scored candidates of a prompt have the same text.")

st.subheader("Does it agree with RewardBench's pairs?", anchor=False)
agreements = checks.agreement(dataset, scorer)
st.caption(
    f"Matched pairs only: prompts where both texts of the pair are scored candidates. Chosen was found in "
    f"{counts['prompts_with_chosen_found']:,} and rejected in {counts['prompts_with_rejected_found']:,} of "
    f"{counts['prompts_with_pair']:,} prompts with a pair. This is no RewardBench score."
)
percentiles = checks.matched_percentiles(dataset, scorer)
if agreements and percentiles:
    whole = agreements[0]
    decided = f"{whole.wins:,} of {whole.decided:,}"
    st.markdown(
        f"Chosen is above rejected in **{decided}** decided pairs (95 % interval {whole.low:.0%} to {whole.high:.0%}), "
        f"{whole.ties:,} tied; “always the longer” would agree in {whole.longer:.0%}. Mean percentiles: chosen "
        f"{percentiles[0]:.0f}, rejected {percentiles[1]:.0f}.".replace("%", " %").replace("  %", " %")
    )
    st.dataframe(
        [
            {
                "subset": one.subset,
                "chosen above": one.wins,
                "decided": one.decided,
                "tied": one.ties,
                "from %": 100 * one.low,
                "to %": 100 * one.high,
                "always the longer %": 100 * one.longer,
            }
            for one in agreements
        ],
        hide_index=True,
        alt="Agreement with matched pairs by subset",
        column_config={
            name: st.column_config.NumberColumn(format="%.0f") for name in ("from %", "to %", "always the longer %")
        },
    )
    st.page_link(
        "prompts.py",
        label="Prompts with matched pairs",
        icon=":material/arrow_forward:",
        query_params=links.to_prompts(PromptFilter(flag=("pair",))),
    )
else:
    st.caption("No prompt has both texts of its pair among its scored candidates.")

st.subheader("Does it like refusals?", anchor=False)
refused = checks.refusals(dataset, scorer)
if len(refused) and refused["refusals"].sum():
    shown = refused.assign(chosen=refused["chosen"].map({True: "refusing", False: ""}))
    shown[["share", "share_of_best"]] *= 100
    st.dataframe(
        shown,
        hide_index=True,
        height=min(320, 38 + 35 * len(shown)),
        placeholder="–",
        alt="Refusals by subset",
        column_config={
            "subset": "subset",
            "candidates": st.column_config.NumberColumn("scored", format="localized"),
            "refusals": st.column_config.NumberColumn("refusals", format="localized"),
            "share": st.column_config.NumberColumn("of candidates", format="%.1f %%"),
            "share_of_best": st.column_config.NumberColumn("of the best", format="%.1f %%"),
            "centred": st.column_config.NumberColumn("mean of reward − prompt mean", format="%+.2f"),
            "chosen": st.column_config.TextColumn("RewardBench chooses"),
        },
    )
    st.caption("Responses that open with a refusal phrase. Whether refusing is right depends on the prompt.")
else:
    st.caption("No scored candidate opens with a refusal phrase.")

st.subheader("Is the data as it should be?", anchor=False)
for check in checks.checks(dataset, scorer):
    _row(check)
_row(kept(dataset, "whitespace", compute=lambda: checks.whitespace_duplicates(dataset)))
if st.toggle(
    "Check that each scored text is the response (reads the whole source)",
    key=links.seeded("formatted", links.parameter("formatted") == "1"),
    on_change=links.on_change,
    args=("formatted", "formatted", lambda on: "1" if on else None),
):
    formatted = kept(dataset, "formatted", compute=_formatted)
    if formatted:
        _row(formatted)
    else:
        st.caption("The source has no columns prompt_response_i or rformatted_prompt_response_i.")
