"""Source models in a report: scores with their intervals, or who beats whom."""

from charts import source_models as charts
from data_access.questions.checks import one_answer_check
from data_access.questions.said import models as said
from data_access.questions.scope import Scope
from data_access.questions.source_models import Standing, standing
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Columns, Picture, Sentence, Table, facts, interval, notes, table

PARAMETERS = ("of", "show")
SHOWS = ("scores", "head to head")


def models_part(asked: Asked) -> list[Block]:
    """A reading, a chart, and the table of all source models."""
    scope, show = asked.scope(), asked.one_of("show", SHOWS)
    if len(asked.choices.model) < 2:
        return notes([said.TOO_FEW])
    doing = asked.doing("Comparing the source models on the prompts that they share.")
    found = standing(asked.dataset, asked.scorer, *scope, progress=doing)
    if found is None:
        return notes([said.NONE_MEET])
    blocks: list[Block] = [facts(said.counted(found))]
    blocks += [Sentence(sentence) for sentence in [said.length_sentence(found)] if sentence]
    one_answer = one_answer_check(asked.dataset, asked.scorer) if scope == Scope() else None
    if one_answer and one_answer.concerned:
        blocks.append(Sentence(one_answer.figure))
    if show == "head to head":
        drawn = charts.head_to_head(found.table["model"].tolist(), found.wins, found.shared)
        blocks += [Picture(drawn, said.wins_seen(found)), *notes([said.WINS])]
    else:
        blocks.append(Picture(charts.forest(said.ranked(found)), said.scores_seen(found)))
    several = said.GROUPS if found.table["component"].max() > 1 else ""
    return [*blocks, _table(found), *notes([said.PREFERENCES, several, *said.notes(found)])]


def _table(found: Standing) -> Table:
    rows = found.table.assign(
        interval=interval(found.table, "low", "high"),
    )
    columns: Columns = {
        "model": ("source model", ""),
        "score": ("score", "+.2f"),
        "interval": ("95 % interval", str),
        "adjusted": ("length held equal", "+.2f"),
        "win_rate": ("win rate", ".1%"),
        "won": ("best in", ".1%"),
        "chars": ("mean length", ",.0f"),
        "scored": ("scored", ",.0f"),
        "prompts": ("prompts", ",.0f"),
    }
    return table("Source models by this scorer: scores in logits, 0 is the average", rows, columns)
