"""What people say of the texts of a dataset: their judgements, put where the dataset has the texts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from data_access.dataset import Dataset
from data_access.judgements.judgements import Judgement, tags_in_use
from data_access.judgements.people import Person
from data_access.questions.text_places import text_places


class Judged(NamedTuple):
    """`at`: (prompt_id, choice) -> what is said of this text, the last change first; `choice` as `text_places`. Texts of
    several places are at each. `elsewhere`: what is said of texts that the dataset does not have."""

    at: Mapping[tuple[int, str], Sequence[Judgement]]
    elsewhere: Sequence[Judgement]

    def of(self, prompt_id: int, choice: str) -> Sequence[Judgement]:
        """What is said of a text."""
        return self.at.get((prompt_id, choice), ())

    def by(self, person: Person, prompt_id: int, choice: str) -> Judgement | None:
        """What one person says of a text."""
        return next((one for one in self.of(prompt_id, choice) if one.person == person), None)

    @property
    def prompts(self) -> dict[int, list[Judgement]]:
        """Everything that is said of a prompt or of one of its responses, each once: prompt_id -> judgements."""
        found: dict[int, dict[Judgement, None]] = defaultdict(dict)
        for (prompt_id, _), said in self.at.items():
            found[prompt_id] |= dict.fromkeys(said)
        return {prompt_id: [*said] for prompt_id, said in found.items()}


NOTHING = Judged({}, ())


def judged(dataset: Dataset, said: Iterable[Judgement]) -> Judged:
    """These judgements, without those that say nothing any more, at their places. Reads all texts the first time."""
    of_text: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for judgement in said:
        if any(judgement.said):
            of_text[judgement.prompt, judgement.response].append(judgement)
    if not of_text:
        return NOTHING
    places = text_places(dataset, of_text)
    at: dict[tuple[int, str], list[Judgement]] = {}
    there = set()
    for prompt_key, response_key, prompt_id, choice in zip(
        places["prompt_key"], places["response_key"], places["prompt_id"], places["choice"], strict=True
    ):
        at[int(prompt_id), choice] = of_text[prompt_key, response_key]
        there.add((prompt_key, response_key))
    return Judged(at, [one for key, said_there in of_text.items() if key not in there for one in said_there])


def judged_prompts(found: Judged, kind: str, tags: Collection[str]) -> list[int]:
    """prompt_id of the prompts of which, or of a response to which, somebody says this: `kind` is a key of filters.JUDGED or
    '', and one of `tags`, if there are any."""
    return sorted(
        prompt_id
        for prompt_id, said in found.prompts.items()
        if any(_is_of(one, kind) and (not tags or {*tags} & {*one.said.tags}) for one in said)
    )


def _is_of(judgement: Judgement, kind: str) -> bool:
    said = judgement.said
    return {"": True, "any": True, "star": said.starred, "note": bool(said.note)}[kind]


def short(said: Sequence[Judgement]) -> str:
    """What several say in a few characters: '★2 · wrong sum, terse · ✎1'."""
    stars, notes = sum(one.said.starred for one in said), sum(bool(one.said.note) for one in said)
    tags = ", ".join(tags_in_use(said))
    return " · ".join(part for part in (f"★{stars}" if stars else "", tags, f"✎{notes}" if notes else "") if part)
