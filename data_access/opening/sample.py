"""The built-in sample: a small dataset in the seed's exact 506-column schema, with effects planted in it.

The prompts and the answers to them were written for this project; the source models are made up. What a candidate
says is drawn, by a fixed seed, from that prompt's own right, wrong, curt, wordy, listed, refused and cut-off answers.
What is planted, so that a reader can find it and a test can recover it (the numbers are the constants below):

- the scorer likes length: a reward grows with the logarithm of the text's length, right or wrong;
- `otter-70b` is mostly right on Reasoning prompts and mostly wrong on Chat prompts;
- each prompt's rewards have their own offset, as a Bradley-Terry model's have;
- rewards sit on a grid of 1/64, as bfloat16 scores do, so exact ties happen, and `TIED_BEST` prompts have a tied best;
- the same text from two models is scored twice, with noise: duplicates with unequal rewards;
- some candidates are unscored (null or NaN), empty, cut off mid-sentence, or have chat-template tokens left in;
- both texts of the RewardBench pair are among the candidates of about half of the prompts, of some only with other
  white space;
- the scorer pays for a closing offer ("Hope it helps you"), right or wrong, and for the sentence `PHRASE`;
- most texts with an offer have an exclamation mark, and few without one: alone it looks paid for, and is not. The
  answers themselves have hardly any outside code, so that it does not stand for being right;
- each prompt has two twins, candidates with another one's text but for one change: a heading on top, for which the
  reward is higher by just `HEADING_TWIN`, or a word or two changed, for which it differs by `WORDING_TWIN`, which is
  nothing, and noise. No twin is its prompt's best.

Offers, exclamation marks, the phrase and twins are drawn by a seed of their own. Texts that are empty, cut off, the
pair's or the prompt's refusal have none of them, and those with template tokens no twins.
"""

import json
import math
import os
import tempfile
from importlib import resources
from pathlib import Path
from random import Random
from threading import get_ident
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from data_access.errors import StorageError
from data_access.rewardbench import REFUSAL_IS_CHOSEN, SECTION_OF

VERSION = 2
SEED = 20
EFFECTS_SEED = 24
CANDIDATES = 100
LENGTH_WEIGHT = 0.9
RIGHT_WEIGHT = 1.6
NOISE = 0.35
GRID = 64
TIED_BEST = 6
UNSCORED_EVERY = 211
EMPTY_EVERY = 307
CUT_EVERY = 53
TEMPLATE_EVERY = 89
OFFER_WEIGHT = 0.6
OFFER_SHARE = 0.2
OFFERS = (
    "Feel free to ask if you want more details",
    "Feel free to ask if anything is unclear",
    "Hope it helps you",
    "Feel free to come back with questions",
)
EXCLAIMING_SHARE_WITH_OFFER = 0.8
EXCLAIMING_SHARE_WITHOUT = 0.1
EXCLAMATION = "Thanks for asking!"
PHRASE_WEIGHT = 0.7
PHRASE_SHARE = 0.15
PHRASE = "It has been double-checked."
HEADING = "## Answer\n\n"
HEADING_TWIN = 0.75
WORDING_TWIN = 0.0
# Each leaves the sense wherever it stands in our texts; the last are for prompts whose answers have none of the others.
WORDINGS = (
    (", because ", ", since "),
    (" usually ", " normally "),
    (" until the ", " till the "),
    (", such as ", ", like "),
    (" does not ", " doesn't "),
    (" is not ", " isn't "),
    ("Hope it helps you", "I hope that helps"),
    ("if anything is unclear", "if something is unclear"),
    ("if you would like more", "if you want some more"),
    ("I am happy to help", "I'm happy to help"),
)


class Writer(NamedTuple):
    """A made-up source model: how often it is right (Chat, Chat Hard, Safety, Reasoning), what it likes, how it refuses."""

    model: str
    right: tuple[float, float, float, float]
    style: str
    points: int
    refuses: float


WRITERS = (
    Writer("otter-70b", (0.15, 0.50, 0.60, 0.95), "paragraph", 2, 0.02),
    Writer("heron-34b", (0.85, 0.55, 0.70, 0.60), "list", 3, 0.03),
    Writer("badger-13b", (0.70, 0.50, 0.55, 0.50), "wordy", 4, 0.02),
    Writer("lynx-8b", (0.65, 0.45, 0.75, 0.45), "paragraph", 1, 0.06),
    Writer("magpie-7b", (0.55, 0.35, 0.50, 0.35), "headed", 3, 0.02),
    Writer("wren-3b", (0.45, 0.30, 0.45, 0.25), "curt", 0, 0.04),
    Writer("tortoise-40b", (0.80, 0.60, 0.80, 0.65), "curt", 0, 0.05),
    Writer("newt-7b-chat", (0.60, 0.40, 0.90, 0.35), "paragraph", 1, 0.20),
    Writer("gecko-13b-code", (0.40, 0.35, 0.45, 0.80), "paragraph", 2, 0.01),
    Writer("puffin-22b", (0.75, 0.50, 0.65, 0.55), "list", 2, 0.03),
    Writer("mole-1b", (0.30, 0.20, 0.35, 0.15), "paragraph", 0, 0.03),
    Writer("stork-13b-verbose", (0.50, 0.35, 0.50, 0.40), "wordy", 4, 0.01),
)
SECTIONS = ("Chat", "Chat Hard", "Safety", "Reasoning")
CHOSEN_MODEL, REJECTED_MODEL = "curator-large", "curator-small"


def path(cache: Path) -> Path:
    """Where the sample lies, or would: in the cache folder, or in the system's temporary folder if that cannot be written."""
    name = f"sample-{VERSION}.parquet"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        return cache / name if os.access(cache, os.W_OK) else Path(tempfile.gettempdir()) / f"rewardscope-{name}"
    except OSError:
        return Path(tempfile.gettempdir()) / f"rewardscope-{name}"


def write(target: Path) -> None:
    """Write the sample as one Parquet file, atomically, unless it is there. The same data on every machine.

    StorageError, with what to do, where it cannot be written.
    """
    if target.exists():
        return
    # A name of its own: the server's start and its first visitor may both write it.
    partial = target.with_name(f"{target.name}.{os.getpid()}-{get_ident()}.partial")
    try:
        pq.write_table(table(), partial)
        _name(partial, target)
    except OSError as error:
        raise StorageError(
            f"The sample cannot be written to {target.parent} ({error.strerror or error}). "
            "Free some space, or set REWARDSCOPE_CACHE to a folder that can be written."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _name(partial: Path, target: Path) -> None:
    """Give a file its name, unless another has it by now, which somebody may be reading: it stays the same file."""
    try:
        os.link(partial, target)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        partial.replace(target)


def table() -> pa.Table:
    """The sample as an Arrow table: one row a prompt, the seed's 506 columns in the seed's order."""
    # Their methods give the same numbers on every machine and Python version we support.
    random, effects = Random(SEED), Random(EFFECTS_SEED)
    texts = json.loads(
        resources.files("data_access").joinpath("opening", "sample_texts.json").read_text(encoding="utf-8")
    )
    random.shuffle(texts)
    rows = [_row(random, effects, index, entry) for index, entry in enumerate(texts)]
    numbers = range(1, CANDIDATES + 1)
    names = [f"reward_{i}" for i in numbers]
    names += ["prompt", "subset", "rewardbench_chosen", "rewardbench_chosen_model"]
    names += ["rewardbench_rejected", "rewardbench_rejected_model"]
    names += [name for i in numbers for name in (f"response_{i}", f"response_{i}_model")]
    names += [f"prompt_response_{i}" for i in numbers] + [f"rformatted_prompt_response_{i}" for i in numbers]
    types = {name: pa.float64() if name.startswith("reward_") else pa.string() for name in names}
    return pa.table({name: pa.array([row[name] for row in rows], types[name]) for name in names})


def _row(random: Random, effects: Random, index: int, entry: dict[str, Any]) -> dict[str, Any]:
    right, *wrong = entry["answers"]
    row: dict[str, Any] = {"prompt": entry["prompt"], "subset": entry["subset"]}
    # No writer's answer has its points in this order, so the pair is among the candidates only where it is planted.
    chosen = _composed(right, "paragraph", [right["points"][3], right["points"][1]])
    rejected = _composed(wrong[0], "paragraph", [wrong[0]["points"][2], wrong[0]["points"][0]])
    row |= {"rewardbench_chosen": chosen, "rewardbench_chosen_model": CHOSEN_MODEL}
    row |= {"rewardbench_rejected": rejected, "rewardbench_rejected_model": REJECTED_MODEL}

    section = SECTIONS.index(SECTION_OF[entry["subset"]])
    candidates: list[tuple[str, str, bool]] = []
    for number in range(CANDIDATES):
        writer = WRITERS[number % len(WRITERS)]
        is_right = random.random() < writer.right[section]
        if random.random() < writer.refuses:
            candidates.append((writer.model, entry["refusal"], entry["subset"] in REFUSAL_IS_CHOSEN))
        else:
            answer = right if is_right else random.choice(wrong)
            candidates.append((writer.model, _answer(random, writer, answer), is_right))
    random.shuffle(candidates)
    kept = {entry["refusal"]}
    if index % 2 == 0:
        for text, is_right in ((chosen, True), (rejected, False)):
            place = random.randrange(CANDIDATES)
            planted = text.replace(". ", ".  ") + "\n" if index % 8 == 4 else text
            candidates[place] = (candidates[place][0], planted, is_right)
            kept.add(planted)

    offset = random.gauss(0, 1.5)
    rewards: list[float | None] = []
    plain: list[int] = []
    for number, (model, whole, right_if_whole) in enumerate(candidates):
        serial = index * CANDIDATES + number + 1
        text, is_right = _damaged(serial, whole, right_if_whole)
        if text.startswith(whole) and whole not in kept:  # neither empty nor cut off
            if text == whole:
                plain.append(number)
            text = _closed(effects, whole) + text[len(whole) :]  # template tokens stay at the end
        candidates[number] = (model, text, is_right)
        rewards.append(None if serial % UNSCORED_EVERY == 0 else _reward(random, offset, text, is_right))
        if serial % (UNSCORED_EVERY * 3) == 0:
            rewards[-1] = float("nan")
    if index < TIED_BEST:
        scored = {i: reward for i, reward in enumerate(rewards) if reward is not None and not math.isnan(reward)}
        best, second = sorted(scored, key=scored.__getitem__, reverse=True)[:2]
        rewards[second] = rewards[best]
    _plant_twins(effects, plain, candidates, rewards)

    for number, ((model, text, _), reward) in enumerate(zip(candidates, rewards, strict=True), 1):
        row |= {f"response_{number}": text, f"response_{number}_model": model, f"reward_{number}": reward}
        row[f"prompt_response_{number}"] = f"{entry['prompt']}\n\n{text}"
        row[f"rformatted_prompt_response_{number}"] = f"<s>[INST] {entry['prompt']} [/INST]{text}</s>"
    return row


def _answer(random: Random, writer: Writer, answer: dict[str, Any]) -> str:
    style = random.choices((writer.style, "paragraph", "curt"), (6, 3, 1))[0]
    count = min(4, max(0, writer.points + random.choice((-1, 0, 0, 1))))
    chosen = sorted(random.sample(range(4), count))
    return _composed(answer, style, [answer["points"][i] for i in chosen])


def _composed(answer: dict[str, Any], style: str, points: list[str]) -> str:
    """One answer in one style; the points keep their order."""
    full: str = answer["full"]
    short: str = answer["short"]
    separator = "\n\n" if "```" in full else " "
    if style == "curt":
        return short
    if style == "list" and points:
        return f"{full}\n\n" + "\n".join(f"- {point}" for point in points)
    if style == "headed" and points:
        return f"## Answer\n\n{full}\n\n## Notes\n\n" + "\n".join(f"{i}. {point}" for i, point in enumerate(points, 1))
    if style == "wordy":
        closing = f"\n\n**In short:**\n\n{short}" if "```" in short else f"\n\n**In short:** {short}"
        return full + separator + " ".join(points) + closing
    return (full + separator + " ".join(points)).strip()


def _damaged(serial: int, text: str, is_right: bool) -> tuple[str, bool]:
    """Every so many candidates, by running number: empty, cut off mid-sentence, or with chat-template tokens left in."""
    if serial % EMPTY_EVERY == 0:
        return "", False
    if serial % CUT_EVERY == 0 and len(text) > 120:
        return text[: len(text) * 3 // 5].rstrip(" .!?\n`") + " and", False
    if serial % TEMPLATE_EVERY == 0:
        return text + ("<|im_end|>" if serial % 2 else " [/INST]"), is_right
    return text, is_right


def _closed(effects: Random, text: str) -> str:
    """The text, and below it whichever is drawn of the phrase, an offer and an exclamation mark."""
    closing = [PHRASE] if effects.random() < PHRASE_SHARE else []
    if effects.random() < OFFER_SHARE:
        exclaims = effects.random() < EXCLAIMING_SHARE_WITH_OFFER
        closing.append(effects.choice(OFFERS) + ("!" if exclaims else "."))
    elif effects.random() < EXCLAIMING_SHARE_WITHOUT:
        closing.append(EXCLAMATION)
    return "\n\n".join([text, " ".join(closing)] if closing else [text])


def _reward(random: Random, offset: float, text: str, is_right: bool) -> float:
    liked = LENGTH_WEIGHT * math.log1p(len(text) / 50) + PHRASE_WEIGHT * (PHRASE in text)
    liked += OFFER_WEIGHT * any(offer in text for offer in OFFERS)
    return _on_grid(offset + liked + RIGHT_WEIGHT * is_right + random.gauss(0, NOISE))


def _on_grid(value: float) -> float:
    return round(value * GRID) / GRID


def _plant_twins(
    effects: Random, plain: list[int], candidates: list[tuple[str, str, bool]], rewards: list[float | None]
) -> None:
    """Give two of the plain candidates the text and the reward of two others, with one known change."""
    scored = {i: reward for i, reward in enumerate(rewards) if reward is not None and not math.isnan(reward)}
    far_below_best = max(scored.values()) - 2 * HEADING_TWIN  # so that no twin becomes the best
    able = [i for i in plain if i in scored and scored[i] < far_below_best]
    effects.shuffle(able)
    texts = [text for _, text, _ in candidates]
    once = [i for i in able if texts.count(texts[i]) == 1]  # a text with several rewards has no twin's difference
    headed = next(i for i in once if not texts[i].startswith("#"))
    once.sort(key=lambda i: any(offer in texts[i] for offer in OFFERS))  # rather a word of the answer than of an offer
    reworded = next(i for i in once if i != headed and _reworded(texts[i]) != texts[i])
    first, second = [i for i in able if i not in (headed, reworded)][:2]
    candidates[first] = (candidates[first][0], HEADING + texts[headed], candidates[headed][2])
    rewards[first] = scored[headed] + HEADING_TWIN
    candidates[second] = (candidates[second][0], _reworded(texts[reworded]), candidates[reworded][2])
    rewards[second] = _on_grid(scored[reworded] + WORDING_TWIN + effects.gauss(0, NOISE))


def _reworded(text: str) -> str:
    """The text with the first of `WORDINGS` that it has outside code changed, once; or as it was, if it has none."""
    parts = text.split("```")  # prose and code by turns
    for usual, other in WORDINGS:
        for place in range(0, len(parts), 2):
            if usual in parts[place]:
                parts[place] = parts[place].replace(usual, other, 1)
                return "```".join(parts)
    return text
