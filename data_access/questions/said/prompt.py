"""What is known of prompts, candidates and panes, in short phrases; each may quote the data."""

from collections.abc import Collection
from itertools import combinations
from typing import Any

import pandas as pd

from data_access.frames import records
from data_access.plain_text import one_line
from data_access.plurals import things
from data_access.questions.compare import BY_NUMBER, NAMED, Pane, choices, pane, rm_implied_preference
from data_access.questions.filters import Range
from data_access.questions.prompt import PairSide, Prompt, rank_label


def flags(candidate: dict[str, Any]) -> list[str]:
    """What may be wrong with a candidate's text, in words: flags of `sql/candidates.sql`."""
    words = {
        "is_empty": "empty",
        "is_cut_off": "cut off?",
        "is_refusal": "refusal?",
        "has_template_tokens": "template tokens",
    }
    return [word for flag, word in words.items() if candidate[flag]]


def reward_range(candidate: dict[str, Any]) -> str:
    """'×3: the same text got 0.40 to 1.20' for a text that three candidates have; '' for a text of its own."""
    if candidate["same_text"] < 2:
        return ""
    low, high = candidate["same_text_low"], candidate["same_text_high"]
    span = (
        "" if pd.isna(low) else f": the same text got {low:.2f} " + ("each time" if low == high else f"to {high:.2f}")
    )
    return f"×{candidate['same_text']}{span}"


def match_marks(row: dict[str, Any]) -> str:
    """Where a prompt's pair is among its candidates: '▲12 ▼≈3+' is chosen = candidate 12, rejected ≈ candidate 3 and others.

    ≈ is a normalised match.
    """
    said = []
    for side, mark in (("chosen", "▲"), ("rejected", "▼")):
        numbers = row[f"{side}_candidates"]
        if isinstance(numbers, Collection) and len(numbers):
            near, more = "" if row[f"{side}_is_exact"] else "≈", "+" if len(numbers) > 1 else ""
            said.append(f"{mark}{near}{next(iter(numbers))}{more}")
    return " ".join(said)


def range_label(kept: Range) -> str:
    """A range of rewards: 'Rewards 0.50 to 2.00'."""
    low, high = (None if end is None else f"{end:.2f}" for end in kept)
    return f"Rewards {low} to {high}" if low and high else f"Rewards from {low}" if low else f"Rewards up to {high}"


def summary(found: Prompt) -> list[str]:
    """A prompt's candidates in a few phrases, each with its n."""
    row = found.row
    said = [
        f"{row['scored']:,} of {things(row['candidates'], 'candidate')} scored",
        things(row["texts"], "different text"),
    ]
    if row["scored"]:
        tied = f" ({row['tied_for_best']} tied)" if row["tied_for_best"] > 1 else ""
        said += [f"best {row['best']:.2f}{tied}", f"median {row['median']:.2f}", f"worst {row['worst']:.2f}"]
    if row["scored"] > 1:
        said.append(f"sd {row['sd']:.2f}")
    return said


def facts(candidate: dict[str, Any]) -> list[str]:
    """One candidate in a few phrases: standing, source model, what others have the text, flags, length; the first ones matter
    most, as a narrow line ends early."""
    scored = not pd.isna(candidate["reward"])
    standing = [f"rank {rank_label(candidate['place'], candidate['tied'])}", f"{candidate['reward']:.2f}"]
    return [
        *(standing if scored else ["not scored"]),
        candidate["model"] if isinstance(candidate["model"], str) else "source model not given",
        f"candidate {candidate['candidate']}",
        reward_range(candidate),
        *flags(candidate),
        "" if pd.isna(candidate["percentile"]) else f"percentile {candidate['percentile']:.0f}",
        "no text" if pd.isna(candidate["chars"]) else things(int(candidate["chars"]), "character"),
    ]


def pair_label(side: PairSide) -> str:
    """RewardBench's chosen or rejected text in a phrase: which candidates have it, with their rewards, or 'not scored'."""
    name = f"RewardBench {side.side}"
    if not side.match:
        return f"{name}: not scored, as no candidate has this text"
    numbers = ", ".join(f"{number}" for number in side.candidates[:5]) + ("…" if len(side.candidates) > 5 else "")
    which = f"candidate{'s' if len(side.candidates) > 1 else ''} {numbers} ({side.match} match)"
    if side.low is None or side.high is None:
        return f"{name}: {which}, not scored"
    return f"{name}: {which}, reward {side.low:.2f}" + (f" to {side.high:.2f}" if side.high > side.low else "")


def short_label(choice: str) -> str:
    """A choice in words, without the candidate that it means: 'best', 'rank 3', 'candidate 17'."""
    if BY_NUMBER.fullmatch(choice):
        return f"candidate {choice}"
    return f"RewardBench {choice}" if choice in ("chosen", "rejected") else choice.replace("-", " ")


def choice_labels(prompt: Prompt) -> dict[str, str]:
    """Every choice for a pane of Compare, in words, with the reward and source model that it means: choice -> label."""
    candidates = sorted(records(prompt.candidates), key=lambda candidate: candidate["candidate"])
    meant = {str(candidate["candidate"]): (candidate["reward"], candidate["model"]) for candidate in candidates}
    for candidate in reversed(candidates):  # where several share a rank the first stays
        if not pd.isna(candidate["place"]):
            meant[f"rank-{int(candidate['place'])}"] = (candidate["reward"], candidate["model"])
    labels = {}
    for choice in choices(prompt):
        if choice in NAMED:
            found = pane(prompt, choice)
            meant[choice] = (found.reward, found.model)
        reward, model = meant[choice]
        said = "not scored" if reward is None or pd.isna(reward) else f"{reward:.2f}"
        author = [f"text by {model}" if choice in ("chosen", "rejected") else model] if isinstance(model, str) else []
        labels[choice] = one_line(" · ".join([short_label(choice), said, *author]))
    return labels


def standing(pane: Pane) -> list[str]:
    """A pane in phrases: rank, reward, source model, candidate, how it was resolved, percentile; what matters most first."""
    is_pair = pane.choice in ("chosen", "rejected")
    model = f"{'text by ' if is_pair else ''}{pane.model or 'a source model not given'}"
    candidate = "" if pane.candidate is None else f"{'scored as ' if is_pair else ''}candidate {pane.candidate}"
    scored = ["not scored"] if pane.reward is None else [f"rank {pane.rank}", f"{pane.reward:.2f}"]
    percentile = "" if pane.percentile is None else f"percentile {pane.percentile:.0f}"
    return [*scored, model, candidate, pane.note, percentile]


def counted(count: dict[str, Any]) -> list[str]:
    """What is in a text, in phrases: a row of `text_facts`."""
    units = {
        "chars": "character",
        "words": "word",
        "list_items": "list item",
        "headers": "header",
        "code_blocks": "code block",
        "bold_spans": "bold span",
    }
    return [things(count[name], unit) for name, unit in units.items()]


def preference(first_name: str, first: Pane, second_name: str, second: Pane, is_logit: bool = True) -> str:
    """What the rewards say of two panes, in a sentence; or that they say nothing. Only a logit implies a preference."""
    implied = rm_implied_preference(first, second)
    if implied is None or first.reward is None or second.reward is None:
        unscored = [name for name, pane in ((first_name, first), (second_name, second)) if pane.reward is None]
        not_scored = f"{' and '.join(unscored)} {'is' if len(unscored) == 1 else 'are'} not scored"
        return f"{first_name} and {second_name}: no reward difference, as {not_scored}"
    same = " (the same text)" if first.text == second.text else ""
    return (
        f"{first_name} − {second_name}{same}: reward {first.reward - second.reward:+.2f}, "
        f"rank {first.rank} against {second.rank}"
        + (f", RM-implied preference for {first_name} {_percent(implied)}" if is_logit else "")
    )


def preferences(panes: dict[str, Pane], is_logit: bool = True) -> list[str]:
    """The same of each two panes, by their letters; of three, those without a reward are named once."""
    unscored = [name for name, pane in panes.items() if pane.reward is None] if len(panes) > 2 else []
    pairs = combinations([name for name in panes if name not in unscored], 2)
    said = [preference(one, panes[one], other, panes[other], is_logit) for one, other in pairs]
    if unscored:
        said.append(f"{', '.join(unscored)}: not scored, so without a reward difference")
    return said


def _percent(share: float) -> str:
    return "under 1 %" if share < 0.01 else "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")
