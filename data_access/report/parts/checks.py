"""Checks in a report: where a reward is not to be trusted."""

import pandas as pd

from charts import checks as charts
from data_access.questions import checks, overview, text_checks
from data_access.questions.matched_pairs import Agreement, matched_pairs
from data_access.questions.said import checks as said
from data_access.report.asked import Asked
from data_access.report.blocks import NOTHING, Block, Columns, Heading, Picture, Sentence, Table, facts, notes, table

PARAMETERS = ("show", "formatted")
RELIABILITY, QUALITY = "reliability", "data quality"


def checks_part(asked: Asked) -> list[Block]:
    """One of the page's views."""
    show = asked.one_of("show", (RELIABILITY, QUALITY))
    if asked.value("formatted") == "1" and not asked.value("show"):
        show = QUALITY
    return [*_noise(asked), *_pairs(asked)] if show == RELIABILITY else _quality(asked)


def _noise(asked: Asked) -> list[Block]:
    heading = Heading("Does one text get one reward?")
    noise = checks.same_text_noise(asked.dataset, asked.scorer)
    if noise.empty:
        return [heading, *notes([said.NO_SAME_TEXTS])]
    return [
        heading,
        Sentence(checks.noise_check(overview.counts(asked.dataset, asked.scorer)).figure),
        Picture(charts.noise(noise), said.noise_seen(noise)),
        *notes([said.noise_note(noise)]),
    ]


def _pairs(asked: Asked) -> list[Block]:
    matched = matched_pairs(asked.dataset, asked.scorer)
    coverage = said.pairs_coverage(overview.counts(asked.dataset, asked.scorer))
    blocks: list[Block] = [Heading("Does it agree with RewardBench's pairs?")]
    if not matched:
        return blocks + notes([coverage, said.NO_MATCHED])
    if check := checks.matched_check(matched):
        blocks.append(Sentence(check.figure))
    rows = pd.DataFrame(matched.agreements, columns=Agreement._fields)
    ends = [f"{one.low:.0%} to {one.high:.0%}".replace("%", " %") for one in matched.agreements]
    rows["interval"] = [end if one.decided else NOTHING for end, one in zip(ends, matched.agreements, strict=True)]
    columns: Columns = {
        "subset": ("subset", ""),
        "wins": ("chosen above", ","),
        "decided": ("decided", ","),
        "interval": ("95 % interval", str),
        "ties": ("tied", ","),
        "splits": ("split", ","),
        "longer": ("always the longer", ".0%"),
    }
    return [*blocks, table("Agreement with matched pairs", rows, columns), *notes([coverage, said.pairs_note(matched)])]


def _quality(asked: Asked) -> list[Block]:
    dataset, scorer = asked.dataset, asked.scorer
    found = [
        *checks.checks(overview.counts(dataset, scorer)),
        checks.one_answer_check(dataset, scorer),
        checks.value_grid(dataset, scorer),
        text_checks.normalised_duplicates(dataset, asked.doing("Comparing the texts.")),
    ]
    if asked.value("formatted") == "1":
        doing = asked.doing("Reading the source: which formatted texts contain their response.")
        found.append(text_checks.formatted_without_response(dataset, doing))
    rows = tuple((check.asks, check.figure) for check in found if check)
    asks = Table("What was looked for, and what was found", (("question", False), ("found", False)), rows)
    return [facts([f"scorer {scorer}"]), asks]
