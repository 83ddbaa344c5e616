"""Best-of-N in a report: what sampling more buys, from whom, and how long the winners are."""

from charts import best_of_n as charts
from data_access.questions import best_of_n
from data_access.questions.said import best_of_n as said
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Columns, Heading, Picture, Sentence, facts, interval, notes, table

PARAMETERS = ("of", "n", "scale")


def best_of_n_part(asked: Asked) -> list[Block]:
    """The curve with its band, each source model's own, and who wins at n."""
    scope, is_log = asked.scope(), asked.one_of("scale", ("log", "linear")) == "log"
    scored = best_of_n.scored_candidates(asked.dataset, asked.scorer, *scope)
    curve = best_of_n.gain_curve(scored)
    if len(curve.points) < 2:
        return notes([said.NOTHING])
    n, sentence = said.shown(curve, asked.value("n"))
    asked.unknown.extend([sentence] if sentence else [])
    models, winner = best_of_n.by_model(scored), best_of_n.winner(scored, n)
    doublings = [2**power for power in range(said.largest(curve).bit_length())]
    rows = curve.points[curve.points["n"].isin({*doublings, n, said.largest(curve)})]
    columns: Columns = {"n": ("n", "d"), "gain": ("gain (logits)", ".2f"), "interval": ("95 % interval", str)}
    blocks: list[Block] = [
        Sentence(best_of_n.reading(curve)),
        facts(said.at(curve, n)),
        Picture(charts.gain(curve.points, n, is_log), said.gain_seen(curve, n)),
        table(
            "What the best of n gains over the prompt's mean",
            rows.assign(interval=interval(rows, "low", "high", ".2f")),
            columns,
        ),
        *notes([said.gain_means(curve), said.gain_note(curve, models)]),
    ]
    if len(models):
        blocks += [
            Heading("Each source model's own candidates"),
            Picture(charts.by_model(models, is_log), said.models_seen(models)),
            *notes([said.models_note(models)]),
        ]
    if winner:
        blocks += [
            Heading(f"Who wins at n = {n}"),
            Picture(charts.winners(winner.shares.head(said.MOST_WINNERS)), said.winners_seen(winner, n)),
            facts(said.winner_facts(winner, n)),
            *notes([said.winners_note(winner), said.OVER_OPTIMISATION]),
        ]
    return blocks
