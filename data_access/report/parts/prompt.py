"""Prompt in a report: the prompt, how its candidates were rewarded, and the texts in full."""

from charts import prompt as charts
from data_access.frames import records
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import prompt as prompts
from data_access.questions.prompt import Prompt, rank_label
from data_access.questions.said import prompt as said
from data_access.report.asked import Asked
from data_access.report.blocks import Block, Picture, Table, Text, facts, notes, table

PARAMETERS = ("id", "candidate", "reward", "each", "view", "find", "why", "tab")
LISTED = 10  # texts in the table
NOT_SCORED = "No candidate of this prompt has a reward, so there is nothing to rank."


def prompt_part(asked: Asked) -> list[Block]:
    """The prompt's text, its distribution of rewards, its best texts, the selected one in full, and the pair's."""
    found = asked.prompt()
    selected = _selected(asked, found)
    blocks: list[Block] = [prompt_text(found)]
    if found.row["scored"]:
        blocks.append(distribution(asked, found, selected))
        blocks.append(ranking(found))
    else:
        blocks += [facts(said.summary(found)), *notes([NOT_SCORED])]
    for candidate in records(found.candidates[found.candidates["candidate"] == selected]):
        text = candidate["response"] if isinstance(candidate["response"], str) else ""
        blocks.append(Text(f"Candidate {selected}", tuple(filter(None, said.facts(candidate))), text))
    for side in found.pair:
        model = f"written by {side.model}" if side.model else ""
        blocks.append(Text(f"RewardBench {side.side}", tuple(filter(None, (said.pair_label(side), model))), side.text))
    return blocks


def prompt_text(found: Prompt) -> Text:
    """The prompt in full, with its number, subset and section."""
    row = found.row
    key = f"source key {row['source_key']}" if isinstance(row["source_key"], str) else ""
    place = (row["subset"], row["section"], key)
    told = tuple(one for one in place if isinstance(one, str) and one)
    return Text(f"Prompt {row['prompt_id']}", told, row["prompt"] if isinstance(row["prompt"], str) else "")


def distribution(asked: Asked, found: Prompt, selected: int, named: dict[str, int] | None = None) -> Picture:
    """The rewards of all candidates; one is pointed at, others by a letter."""
    drawn = charts.distribution(
        found.candidates,
        prompts.histogram(found.candidates),
        selected,
        {side.side: side.candidates for side in found.pair},
        None,
        charts.PERCENTILE_TITLE if asked.scorer == ENSEMBLE else charts.REWARD_TITLE,
        named=named,
    )
    drawn.height = 190
    seen = [*said.summary(found), *map(said.pair_label, found.pair)]
    return Picture(drawn, "Distribution of rewards: " + " · ".join(seen))


def ranking(found: Prompt) -> Table:
    """The best texts, candidates with the same one collapsed."""
    listed = prompts.collapsed(found.candidates.dropna(subset="reward"))
    best = listed.head(LISTED).copy()
    best["rank"] = [rank_label(place, tied) for place, tied in zip(best["place"], best["tied"], strict=True)]
    best["notes"] = [", ".join(filter(None, [said.reward_range(one), *said.flags(one)])) for one in records(best)]
    return table(
        f"The best {len(best)} of {len(listed):,} different scored texts"
        if len(best) < len(listed)
        else "All scored texts",
        best,
        {
            "rank": ("rank", str),
            "reward": ("reward", ".2f"),
            "gap": ("gap to best", ".2f"),
            "percentile": ("percentile", ".0f"),
            "model": ("source model", ""),
            "candidate": ("candidate", "d"),
            "chars": ("characters", ",.0f"),
            "notes": ("notes", ""),
        },
    )


def _selected(asked: Asked, found: Prompt) -> int:
    """The part's candidate, else the best; 0 where there are none."""
    numbers = [str(number) for number in found.candidates["candidate"]]
    if not numbers:
        return 0
    wanted = asked.value("candidate")
    if wanted and wanted not in numbers:
        asked.unknown.append(f"There is no candidate {wanted!r} for this prompt; the best is shown.")
    return int(wanted if wanted in numbers else numbers[0])
