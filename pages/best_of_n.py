"""Best-of-N: what does sampling more candidates buy?"""

import streamlit as st

from charts import best_of_n as charts
from data_access.plurals import things
from data_access.questions import best_of_n
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.filter.scope import scope_asked_for, scope_control
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.text.texts import inline

SCALES = ("log", "linear")
MOST_WINNERS = 12

open_now = current()
unknown: list[str] = []
scope = scope_asked_for(open_now.choices, unknown)
scale = option_asked_for("scale", SCALES, unknown)
with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Best-of-N", anchor=False, width="content")
    reading = st.empty()
    st.space("stretch")
    scope_control(open_now.choices, scope)
    option_control("Axis of n", "scale", SCALES, scale, lambda name: f"{name} axis", hidden=True)
scored = cached(
    open_now.dataset,
    "scored_candidates",
    open_now.scorer,
    scope,
    compute=lambda: best_of_n.scored_candidates(open_now.dataset, open_now.scorer, *scope),
)
curve = cached(open_now.dataset, "curve", open_now.scorer, scope, compute=lambda: best_of_n.gain_curve(scored))
if len(curve.points) < 2:
    complaints(unknown)
    st.info("No prompt has two scored candidates, so there is nothing to choose from.", icon=":material/block:")
    st.stop()

largest = int(curve.points["n"].iloc[-1])
asked = links.parameter("n")
wanted = links.number("n") or 0
n = wanted if 1 <= wanted <= largest else min(16, largest)
if asked and str(n) != asked:
    unknown.append(f"{asked!r} is not a number from 1 to {largest}; {n} is shown.")
complaints(unknown)
reading.markdown(f"**{best_of_n.reading(curve)}**")

at = curve.points.set_index("n").loc[n]
interval = f"95 % interval {at['low']:.2f} to {at['high']:.2f}" if curve.prompts > 1 else "no interval of one prompt"
left_out = (
    f", of {curve.total:,}; those with fewer scored candidates are left out" if curve.prompts < curve.total else ""
)
winner = cached(open_now.dataset, "winner", open_now.scorer, scope, n, compute=lambda: best_of_n.winner(scored, n))
models = cached(open_now.dataset, "by_model", open_now.scorer, scope, compute=lambda: best_of_n.by_model(scored))
with st.container(key="n_row", horizontal=True, vertical_alignment="center", gap="medium"):
    with st.container(width=320):
        st.slider(
            "n",
            1,
            largest,
            key=links.seeded("n", n),
            label_visibility="collapsed",
            on_change=links.on_change,
            args=("n", "n"),
        )
    inline([f"Best of {n}: gain {at['gain']:.2f} ({interval})", things(curve.prompts, "prompt")])

gain_side, *middle, winner_side = st.columns(2 if models.empty else 3, gap="medium")
with gain_side:
    st.header(
        "What the best of n gains",
        anchor=False,
        help=f"The expected best reward of n candidates drawn without replacement, minus the prompt's mean, averaged over the "
        f"{things(curve.prompts, 'prompt')} with at least {largest} scored candidates{left_out}. Unbiased for each prompt; "
        f"band: 95 %, {best_of_n.ROUNDS:,} resamples of the prompts.",
    )
    show_chart(
        charts.gain(curve.points, n, scale == "log"),
        alt=f"Gain of best-of-n for n from 1 to {largest}; at n = {n} it is {at['gain']:.2f}",
        name="gain",
    )
    st.caption(
        f"{things(curve.prompts, 'prompt')} with at least {largest} scored candidates{left_out}. The pool of source models is "
        "taken as it is: sampling from one model gains a different amount."
        + (" No source model has several scored candidates for most of its prompts." if models.empty else "")
    )
if middle:
    with middle[0]:
        st.header("Each source model's own candidates", anchor=False)
        most = models.nlargest(1, "gain").iloc[0]
        show_chart(
            charts.by_model(models, scale == "log"),
            alt=f"Gain of best-of-n for {things(models['model'].nunique(), 'source model')}; the largest is that of "
            f"{most['model']}, {most['gain']:.2f} at n = {most['n']}",
            name="gain_by_source_model",
        )
        bounds = models.groupby("model")["n"].max()
        shown = ", ".join(f"{best_of_n.kl_bound(m):.2f} at n = {m}" for m in sorted(bounds.unique()))
        st.caption(
            "Each source model's expected best of n of its own candidates, minus its own mean for the prompt. For one model's "
            f"own samples log n − (n − 1)/n is an upper bound on the KL divergence from it (not its value): {shown} nats."
        )
with winner_side:
    if winner:
        st.header(f"Who wins at n = {n}", anchor=False)
        first = winner.shares.iloc[0]
        show_chart(
            charts.winners(winner.shares.head(MOST_WINNERS)),
            alt=f"Source models of the winners at n = {n}: {first['model']} supplies {first['share'] * 100:.0f} % of them and "
            f"{first['candidates'] * 100:.0f} % of the candidates",
            name="winners",
        )
        inline(
            [
                f"The winner has {winner.chars:,.0f} characters, the average candidate {winner.mean_chars:,.0f}",
                f"it is the pool's best in {winner.is_best:.0%} of draws".replace("%", " %"),
                f"{things(winner.prompts, 'prompt')} with at least {n} scored candidates",
            ],
            muted=True,
        )
        if len(winner.shares) > MOST_WINNERS:
            st.caption(f"The {MOST_WINNERS} source models with the most wins, of {len(winner.shares)}.")
        st.caption("If length grows with n, this can be over-optimisation: the scorer may reward length, not quality.")
