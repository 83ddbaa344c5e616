"""Blind comparisons in a report: what people's answers tell of the scorers, of each other, and of the source models."""

from charts import people as charts
from data_access.frames import records
from data_access.questions.people.answered import ENOUGH
from data_access.questions.people.results import Results, results
from data_access.questions.said import people as said
from data_access.questions.said.prompt import short_label
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Columns, Heading, Picture, Sentence, facts, interval, notes, table

PARAMETERS = ("show", "set", "by")
LISTED = 20  # disagreements


def blind_part(asked: Asked) -> list[Block]:
    """Agreement, calibration, disagreements, people among each other, sides, and source models; each with its n."""
    found = results(asked.dataset, asked.scorer, asked.people.answers)
    if not found.counts.answers:
        return notes([said.NOBODY])
    drawn, person = (
        asked.one_of(name, ("", *options)) for name, options in (("set", found.sets), ("by", found.people))
    )
    if drawn or person:
        found = results(asked.dataset, asked.scorer, asked.people.answers, drawn, person)
    of = [f"set: {drawn}" if drawn else "all sets", f"by {person}" if person else "by everybody"]
    return [
        facts([*of, *said.counted(found.counts)]),
        *_agreement(found, asked.scorer),
        *_calibration(found),
        *_disagreements(found),
        Heading("Do people agree with each other?"),
        facts(said.alpha(found.between_people)),
        Heading("Does the side matter?"),
        Sentence(said.left(found.position)),
        *_models(found),
        *notes([said.OF_ALPHA, said.HOW]),
    ]


def _agreement(found: Results, scorer: str) -> list[Block]:
    row = next(row for row in records(found.agreement) if row["scorer"] == scorer)
    enough = found.agreement[found.agreement["n"] >= ENOUGH]
    drawn = [Picture(charts.agreement(enough), said.agreement_seen(enough))] if len(enough) else []
    return [
        Heading("Do people prefer what the scorer prefers?"),
        Sentence(said.agreed(row)),
        facts(said.apart(row)),
        *drawn,
    ]


def _calibration(found: Results) -> list[Block]:
    heading, known = Heading("As often as its rewards imply?"), found.calibration
    if known is None:
        return [heading, *notes([said.NO_LOGIT])]
    if known.n < ENOUGH:
        return [heading, Sentence(said.temperature(known))]
    drawn = Picture(charts.calibration(known.bins, known.curve), said.calibration_seen(known.bins))
    return [heading, Sentence(said.temperature(known)), drawn, *notes([said.OF_CALIBRATION])]


def _disagreements(found: Results) -> list[Block]:
    heading, rows = Heading("Where do they prefer different texts?"), found.disagreements
    if rows.empty:
        return [heading, *notes([said.NOWHERE])]
    columns: Columns = {
        "prompt_id": ("prompt", "d"),
        "people": ("A: people prefer", short_label),
        "scorer": ("B: the scorer prefers", short_label),
        "difference": ("B − A", "+.2f"),
        **({"implied": ("σ(B − A), RM-implied", ".0%")} if rows["implied"].notna().any() else {}),
        "said": ("who said what", ""),
    }
    more = f", the {LISTED} largest of {len(rows):,}" if len(rows) > LISTED else ""
    return [
        heading,
        table(f"Pairs where most people prefer another text than the scorer{more}", rows[:LISTED], columns),
    ]


def _models(found: Results) -> list[Block]:
    heading = Heading("Whose texts do they prefer?")
    counted = facts(said.of_one_model(*found.same_model))
    if found.by_model.empty:
        return [heading, counted, *notes([said.NO_TWO_MODELS])]
    rows = found.by_model.assign(interval=interval(found.by_model, "low", "high", ".0%"))
    columns: Columns = {
        "model": ("source model", ""),
        "n": ("pairs", ",d"),
        "share": ("people prefer it", ".0%"),
        "interval": ("95 % interval", str),
        "scorer_n": ("of them scored", ",d"),
        "scorer_share": ("scorer prefers it", ".0%"),
    }
    return [heading, counted, table("By source model", rows, columns), *notes([said.OF_MODELS])]
