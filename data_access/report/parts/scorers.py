"""Scorers in a report: how far several reward models agree, and where they do not."""

import pandas as pd

from charts import scorers as charts
from data_access.frames import records
from data_access.plain_text import one_line
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import agreement, scorers
from data_access.questions.said import scorers as said
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Columns, Heading, Picture, Sentence, Table, facts, interval, notes, table

PARAMETERS = ("other", "by", "most", "id")
LISTED = 10  # prompts
COMPARING = "Comparing the scorers on every prompt."


def other_scorer(asked: Asked) -> str:
    """The scorer that the part's own, A, is compared with: B."""
    names = [name for name in asked.dataset.contents.scorers if name != asked.scorer]
    return asked.one_of("other", names)


def scorers_part(asked: Asked) -> list[Block]:
    """Coverage, the figures of A and B, charts by pair, part and prompt, and the prompts where they disagree most."""
    given = scorers.single_scorers(asked.dataset)
    if len(given) < 2:
        return notes([said.ONE_ONLY])
    first, other = asked.scorer, other_scorer(asked)
    found = scorers.agreement(asked.dataset, asked.doing(COMPARING))
    pair = agreement.of_pair(found, first, other)
    known = agreement.summary(pair)
    blocks: list[Block] = [Sentence(f"A is {one_line(first)}, B is {one_line(other)}.")]
    blocks += [facts([row["scorer"], said.scored_of(row)]) for row in records(scorers.coverage(asked.dataset))]
    joins = [join.sentence() for join in asked.dataset.contents.joins]
    if not known.loc["top_1", "n"]:
        return blocks + notes([*joins, said.NO_PROMPT])
    rows = known.to_dict("index")
    told = {figure.title: said.written(name, rows) for name, figure in said.FIGURES.items()}
    titles = ("figure", "mean over prompts", "95 % interval", "prompts", "a random order or pick")
    blocks.append(
        Table(
            "How A and B agree",
            tuple((title, title != "figure") for title in titles),
            tuple((title, *(value or "–" for value in figure)) for title, figure in told.items()),
        )
    )
    blocks += notes([figure.meaning for figure in said.FIGURES.values()])
    if len(given) > 2:
        blocks += _matrix(agreement.pairs(found, given), given)
    if known.loc["tau", "n"]:
        if len(asked.choices.subset):
            by = asked.one_of("by", ("subset", "section"))
            parts = agreement.by_part(pair, by)
            blocks += [Heading(f"A and B by {by}"), Picture(charts.by_part(parts), charts.seen_in_parts(parts))]
        bins = agreement.tau_bins(pair)
        seen = charts.seen_in_bins(bins, float(rows["tau"]["mean"]))
        blocks += [Heading("A and B by prompt"), Picture(charts.by_prompt(bins), seen)]
    by_measure = asked.one_of("most", ("tau", "regret", "back_regret"))
    apart = agreement.most_apart(pair, by_measure, LISTED)
    apart = apart.assign(prompt=apart["prompt"].map(one_line), subset=apart["subset"].map(one_line))
    columns: Columns = {"prompt_id": ("prompt", "d"), "prompt": ("its text", ""), "subset": ("subset", "")}
    forms = {"tau": "+.2f", "regret": ".2f", "back_regret": ".2f", "shared": ","}
    columns |= {name: (title, forms[name]) for name, title in said.apart_columns().items()}
    blocks += [Heading("Where A and B disagree most"), table(f"By {said.apart_columns()[by_measure]}", apart, columns)]
    ensemble = f"{ENSEMBLE} {said.OF_ENSEMBLE}" if ENSEMBLE in (first, other) else ""
    return blocks + notes([ensemble, *joins, said.ensemble_note(), said.HOW, said.NOT_CORRECT])


def _matrix(pairs: pd.DataFrame, given: tuple[str, ...]) -> list[Block]:
    named = pairs.assign(first=pairs["first"].map(one_line), other=pairs["other"].map(one_line))
    drawn = charts.matrix(named, [one_line(scorer) for scorer in given])
    columns: Columns = {
        "first": ("scorer", ""),
        "other": ("and", ""),
        "tau": ("τ-b", "+.2f"),
        "interval": ("95 % interval", str),
        "n": ("prompts", ","),
    }
    return [
        Heading("Each pair of scorers"),
        Picture(drawn, charts.seen_in_matrix(named)),
        table("Mean rank correlation", named.assign(interval=interval(named, "low", "high")), columns),
    ]
