"""What it rewards in a report: one of its views."""

import math
from collections.abc import Callable
from typing import cast

from charts import attributes as charts
from charts import checks as form_charts
from charts import phrases as phrase_charts
from charts import twins as twin_charts
from data_access.plain_text import one_line
from data_access.questions import checks, overview, twins
from data_access.questions.attribute_effects import by_part, effects, parting
from data_access.questions.phrases import Kind, distinguishing
from data_access.questions.said import attributes as said
from data_access.questions.said import form, words
from data_access.questions.said import twins as twins_said
from data_access.questions.scope import Scope
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Columns, Heading, Picture, Sentence, facts, interval, notes, table
from data_access.report.parts.scorers import other_scorer

PARAMETERS = ("show", "left", "of", "by", "within", "phrases", "length", "asked", "change", "each", "other")
ALL, ALL_CHANGES = "all", "all changes"
PAIRS = 15  # of twins that are listed
ALSO = 4
MEASURING = "Measuring the responses: once for this dataset."
COUNTING = "Counting the words of the best and the worst responses: once for this scorer."
FINDING = "Finding nearly the same texts: once for this dataset."


def rewards_part(asked: Asked) -> list[Block]:
    """The view that the part asks for."""
    several = len(asked.dataset.contents.scorers) > 1
    return VIEWS[asked.one_of("show", [view for view in VIEWS if view != "scorers" or several])](asked)


def _attributes(asked: Asked) -> list[Block]:
    choices, unit = asked.choices, said.unit_of(asked.scorer)
    by = asked.one_of("by", [ALL, *(by for by in ("section", "subset") if len(getattr(choices, by)) > 1)])
    scope, doing = asked.scope(), asked.doing(MEASURING)
    if by != ALL:
        return _by_part(asked, by, scope, unit)
    within = asked.value("within") == "models" and len(choices.model) > 1
    found = effects(asked.dataset, asked.scorer, *scope, progress=doing, within_models=within)
    if found is None:
        return notes([said.NOTHING])
    rows = found.table.assign(
        interval=interval(found.table, "joint_low", "joint_high"),
        alone_interval=interval(found.table, "alone_low", "alone_high"),
        sign=found.table["turns"].map({True: "sign changes", False: ""}),
    )
    columns: Columns = {
        "label": ("attribute", ""),
        "joint": ("all together", "+.2f"),
        "interval": ("95 % interval", str),
        "alone": ("one at a time", "+.2f"),
        "alone_interval": ("95 % interval", str),
        "varies": ("in prompts", ","),
        "sign": ("", str),
    }
    return [
        facts(said.counted(found, within)),
        Picture(charts.effects(found.table, unit), said.effects_seen(found.table, unit)),
        table(f"Association with the reward, in {unit} per standard deviation of the attribute", rows, columns),
        *notes(said.notes(found, within)),
    ]


def _by_part(asked: Asked, by: str, scope: Scope, unit: str) -> list[Block]:
    cells = by_part(asked.dataset, asked.scorer, by, *scope, progress=asked.doing(MEASURING))
    if cells.empty:
        return notes([said.nothing_in_parts(by)])
    rows = cells.assign(interval=interval(cells, "joint_low", "joint_high"))
    sure = rows[(rows["joint_low"] > 0) | (rows["joint_high"] < 0)]
    columns: Columns = {
        "part": (by, ""),
        "prompts": ("prompts", ","),
        "label": ("attribute", ""),
        "joint": (f"{unit} per sd", "+.2f"),
        "interval": ("95 % interval", str),
    }
    return [
        Picture(charts.by_part(cells, unit), said.parts_seen(cells, by, unit)),
        table("Those whose interval is without 0", sure, columns),
        *notes([said.parts_note(cells, by)]),
    ]


def _words(asked: Asked) -> list[Block]:
    kind = cast(Kind, asked.one_of("phrases", list(words.LABELS)))
    without_asked, length_equal = asked.value("asked") == "out", asked.value("length") != "any"
    found = distinguishing(
        asked.dataset,
        asked.scorer,
        kind,
        *asked.scope(),
        without_asked=without_asked,
        length_equal=length_equal,
        progress=asked.doing(COUNTING),
    )
    if found is None:
        return notes([words.NOTHING])
    rows = found.table.assign(
        phrase=found.table["phrase"].map(one_line),
        interval=[_open(*ends) for ends in zip(found.table["low"], found.table["high"], strict=True)],
        also=[", ".join(others[:ALSO]) + (" …" if len(others) > ALSO else "") for others in found.table["also"]],
        stands_out=found.table["stands_out"].map({True: "stands out", False: ""}),
    )
    columns: Columns = {
        "phrase": ("phrase", ""),
        "log_odds": ("log-odds", "+.2f"),
        "interval": ("95 % interval", str),
        "upper": ("best quarter", ".1%"),
        "lower": ("worst quarter", ".1%"),
        "prompts": ("in prompts", ","),
        "stands_out": ("", str),
        "also": ("in the same texts", ""),
    }
    own = "the prompt's own words left out" if without_asked else ""
    held = "length held equal" if length_equal else "length not held equal"
    return [
        facts([words.LABELS[kind], held, own, *words.counted(found)]),
        Picture(phrase_charts.log_odds(phrase_charts.drawn(found.table)), words.seen(found.table)),
        table("Phrases, those of the best quarter first", rows, columns),
        *notes(words.notes(length_equal)),
    ]


def _open(low: float, high: float) -> str:
    """An interval that may have no bound on one side."""
    return " to ".join("open" if math.isnan(end) else f"{end:+.2f}" for end in (low, high))


def _twins(asked: Asked) -> list[Block]:
    chosen = asked.one_of("change", [ALL_CHANGES, *twins_said.CHANGES])
    change, each, scope = None if chosen == ALL_CHANGES else chosen, asked.value("each") != "pair", asked.scope()
    asked.progress(0.0, FINDING)
    found = twins.twin_pairs(asked.dataset, asked.scorer, *scope, change, PAIRS, one_each=each)
    if not found.total:
        return notes([twins_said.NOTHING])
    kinds, unit = twins.by_change(asked.dataset, asked.scorer, *scope), said.unit_of(asked.scorer)
    means = kinds.assign(
        interval=interval(kinds, "mean_low", "mean_high"), size_interval=interval(kinds, "size_low", "size_high", ".2f")
    )
    listed = found.pairs.assign(
        change=found.pairs["change"].map(twins_said.CHANGES),
        what=found.pairs["what"].map(one_line),
        both=[f"{one} and {twin}" for one, twin in zip(found.pairs["candidate"], found.pairs["twin"], strict=True)],
        beyond=found.pairs["beyond"].map({True: "beyond", False: "within"}),
    )
    return [
        facts(["" if change is None else twins_said.CHANGES[change], *twins_said.counted(found, kinds)]),
        Picture(twin_charts.by_change(kinds, unit), twins_said.seen(kinds, unit)),
        table(
            f"Differences of rewards by kind of change, in {unit}",
            means,
            {
                "label": ("change", ""),
                "pairs": ("pairs", ","),
                "prompts": ("prompts", ","),
                "mean": ("mean, with − without", "+.2f"),
                "interval": ("95 % interval", str),
                "size": ("mean, ignoring its sign", ".2f"),
                "size_interval": ("95 % interval", str),
                "beyond": ("beyond the noise limit", ".0%"),
            },
        ),
        table(
            f"The largest differences: {len(listed)} of {found.total:,} pairs",
            listed,
            {
                "prompt_id": ("prompt", "d"),
                "both": ("candidates", ""),
                "difference": ("Δ reward", "+.2f"),
                "beyond": ("noise limit", ""),
                "change": ("kind", ""),
                "what": ("what was changed", ""),
            },
        ),
        *notes(twins_said.NOTES),
    ]


def _scorers(asked: Asked) -> list[Block]:
    other = other_scorer(asked)
    found = parting(asked.dataset, asked.scorer, other, *asked.scope(), progress=asked.doing(MEASURING))
    if found is None:
        return notes([said.NOTHING_OF_TWO])
    rows = found.table.assign(
        interval=interval(found.table, "difference_low", "difference_high"),
        parts=found.table["parts"].map({True: "differ", False: ""}),
    )
    names = one_line(asked.scorer), one_line(other)
    columns: Columns = {
        "label": ("attribute", ""),
        "first": (names[0], "+.2f"),
        "second": (names[1], "+.2f"),
        "difference": ("difference", "+.2f"),
        "interval": ("95 % interval", str),
        "parts": ("", str),
    }
    return [
        facts(said.parting_counted(found)),
        Picture(charts.parting(found.table, names), said.parting_seen(found)),
        table("Association with the rewards of two scorers, where they differ most first", rows, columns),
        *notes([said.PARTING_NOTE]),
    ]


def _form(asked: Asked) -> list[Block]:
    return [*_length(asked), *_formatting(asked), *_refusals(asked)]


def _length(asked: Asked) -> list[Block]:
    dataset, scorer = asked.dataset, asked.scorer
    length = checks.length_check(overview.counts(dataset, scorer))
    heading = Heading("Do longer responses score higher?")
    if not length:
        return [heading, *notes([form.NO_LENGTH])]
    bins, drawn = checks.length_bins(dataset, scorer), checks.length_sample(dataset, scorer)
    rows = checks.length_by_subset(dataset, scorer)
    rows["note"] = [checks.official_note(dataset, name) for name in rows["subset"]]
    columns: Columns = {
        "subset": ("subset", ""),
        "correlation": ("length ρ", "+.2f"),
        "prompts": ("prompts", ","),
        "longest_wins": ("longest wins", ".1%"),
        "chance": ("by chance", ".1%"),
        "compared": ("of prompts", ","),
        "chosen_is_longer": ("chosen longer", ".1%"),
        "pairs": ("of pairs", ","),
    }
    if rows["note"].any():
        columns["note"] = ("note", "")
    return [
        heading,
        Sentence(length.figure),
        Picture(form_charts.length(bins, drawn), form.length_seen(bins)),
        *notes([form.length_note(bins, drawn)]),
        table("Length and reward by subset", rows, columns),
    ]


def _formatting(asked: Asked) -> list[Block]:
    heading = Heading("Do formatted responses score higher?")
    shares = checks.formatting(asked.dataset, asked.scorer)
    if shares.empty:
        return [heading, *notes([form.NO_FORMATTING])]
    rows = shares.pivot(index="kind", columns="which", values="share").reindex(shares["kind"].unique()).reset_index()
    columns: Columns = {"kind": ("formatting", "")}
    columns |= {name: (f"of the {name}", ".1%") for name in ("best", "median") if name in rows}
    return [
        heading,
        Picture(form_charts.formatting(shares), form.formatting_seen(shares)),
        table("Share with each kind of formatting", rows, columns),
        *notes([form.formatting_note(shares)]),
    ]


def _refusals(asked: Asked) -> list[Block]:
    heading = Heading("Do refusals score higher?")
    refused = checks.refusals(asked.dataset, asked.scorer)
    if refused.empty or not refused["refusals"].sum():
        return [heading, *notes([form.NO_REFUSALS])]
    rows = refused.assign(chosen=refused["chosen"].map({True: "refusing", False: ""}))
    columns: Columns = {
        "subset": ("subset", ""),
        "candidates": ("scored", ","),
        "refusals": ("refusals", ","),
        "share": ("of candidates", ".1%"),
        "share_of_best": ("of the best", ".1%"),
        "centred": ("mean of reward − prompt mean", "+.2f"),
    }
    if rows["chosen"].any():
        columns["chosen"] = ("RewardBench chooses", "")
    return [
        heading,
        Sentence(checks.refusal_check(overview.counts(asked.dataset, asked.scorer)).figure),
        table("Refusals among scored candidates, by subset", rows, columns),
        *notes([form.REFUSALS_NOTE]),
    ]


VIEWS: dict[str, Callable[[Asked], list[Block]]] = {
    "attributes": _attributes,
    "words": _words,
    "twins": _twins,
    "scorers": _scorers,
    "form": _form,
}
