"""Compare in a report: two or three texts of a prompt, what sets them apart, and where they stand."""

from itertools import combinations

from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import compare
from data_access.questions.compare import PANES, Pane
from data_access.questions.differences import Piece, are_near, differences
from data_access.questions.said import compare as said
from data_access.questions.said import prompt as phrases
from data_access.report.asked import Asked
from data_access.report.blocks import LONGEST_TEXT, Block, Columns, Sentence, Text, notes, table
from data_access.report.parts.prompt import distribution, prompt_text

PARAMETERS = ("id", *PANES, "diff", "view", "apart", "present")
NOTHING = "This prompt has no candidates and no pair, so there is nothing to compare."
COUNTS = {
    "chars": "characters",
    "words": "words",
    "list_items": "list items",
    "headers": "headers",
    "code_blocks": "code blocks",
    "bold_spans": "bold spans",
}


def compare_part(asked: Asked) -> list[Block]:
    """The prompt, the difference of rewards, the distribution, the texts in full, and what is in each."""
    found = asked.prompt()
    panes = compare.panes_asked_for(found, {name: asked.value(name) for name in PANES}, asked.unknown)
    blocks: list[Block] = [prompt_text(found)]
    if not panes:
        return blocks + notes([NOTHING])
    named = {name.upper(): pane for name, pane in panes.items()}
    is_logit = asked.scorer != ENSEMBLE
    blocks += map(Sentence, phrases.preferences(named, is_logit))
    if found.row["scored"]:
        pointed = {name: pane.candidate for name, pane in named.items() if pane.candidate is not None}
        blocks.append(distribution(asked, found, next(iter(pointed.values()), 0), pointed))
    pieces = _pieces(asked, panes)
    for name, pane in panes.items():
        told = (*filter(None, phrases.standing(pane)), things(len(pane.text), "character"))
        label = f"{name.upper()}: {phrases.short_label(pane.choice)}"
        blocks.append(Text(label, told, pane.text, tuple(pieces.get(name, ()))))
    counted = compare.text_facts(asked.dataset, list(panes.values())).assign(text=list(named))
    columns: Columns = {"text": ("text", "")}
    columns |= {name: (title, ",") for name, title in COUNTS.items()}
    blocks.append(table("What is in each text", counted, columns))
    meaning = (
        said.IMPLIED if is_logit and len(panes) > 1 and any(pane.reward is not None for pane in panes.values()) else ""
    )
    return blocks + notes([said.UNDERLINED if pieces else "", meaning if is_logit else said.PERCENTILES])


def _pieces(asked: Asked, panes: dict[str, Pane]) -> dict[str, list[Piece]]:
    """The stretches of the two texts whose differences are asked for, or that are near each other: pane -> stretches."""
    pairs = [f"{x}-{y}" for x, y in combinations(panes, 2)]
    near = next((pair for pair in pairs if are_near(panes[pair[0]].text, panes[pair[2]].text)), "off")
    wanted = asked.one_of("diff", [near, "off", *pairs])
    if wanted == "off":
        return {}
    first, second = wanted.split("-")
    texts = panes[first].text[:LONGEST_TEXT], panes[second].text[:LONGEST_TEXT]
    return dict(zip((first, second), differences(*texts), strict=True))
