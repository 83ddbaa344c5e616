"""The Overview in a report: what is in the dataset, what stands out, and how rewards spread."""

from charts import overview as charts
from data_access.questions import checks, overview
from data_access.questions.findings import findings
from data_access.questions.matched_pairs import matched_pairs
from data_access.questions.said import overview as said
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Columns, Heading, Picture, Sentence, facts, notes, table

PARAMETERS = ("by",)


def overview_part(asked: Asked) -> list[Block]:
    """Counts, findings, the spread within prompts, and rewards by section or subset."""
    dataset, scorer = asked.dataset, asked.scorer
    counts, subsets = overview.counts(dataset, scorer), overview.subsets(dataset, scorer)
    matched, one_answer = matched_pairs(dataset, scorer), checks.one_answer_check(dataset, scorer)
    blocks: list[Block] = [facts(said.counted(counts)), Heading("What stands out")]
    blocks += [Sentence(finding.figure) for finding in findings(counts, subsets, matched, one_answer)]
    blocks.append(Heading("How much rewards differ within a prompt"))
    histogram = overview.spread_histogram(dataset, scorer)
    if histogram["n"].sum():
        blocks.append(Picture(charts.spread(histogram), said.spread_seen(counts)))
        blocks += notes([said.spread_note(counts), said.SPREAD_MEANS])
    else:
        blocks += notes([said.NO_SPREAD])
    by = asked.one_of("by", ("subset", "section"))
    blocks.append(Heading(f"By {by}"))
    if subsets.empty:
        return blocks + notes([said.NO_PARTS])
    parts = overview.subsets(dataset, scorer, by) if by == "section" else subsets
    columns: Columns = {
        "subset": (by, ""),
        "prompts": ("prompts", ","),
        "scored": ("scored candidates", ","),
        "p5": ("5th percentile", "+.2f"),
        "p50": ("median", "+.2f"),
        "p95": ("95th percentile", "+.2f"),
        "median_spread": ("median spread", ".2f"),
    }
    if parts["p50"].notna().any():
        blocks.append(Picture(charts.by_subset(parts), said.parts_seen(parts, by)))
    blocks.append(table(f"Centred rewards by {by}: reward − its prompt's mean", parts, columns))
    return blocks + notes([said.PARTS_MEAN])
