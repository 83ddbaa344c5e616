"""The list of judgements: of the open dataset's texts, or of those that it does not have; narrowed and with its texts."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import pandas as pd

from data_access.judgements.judgements import OF_THE_PROMPT, Judgement
from data_access.questions.judged import Judged

Place = tuple[int, str]  # prompt_id and choice, as `text_places`
SAYS = {"star": "a star", "note": "a note", "tag": "a tag"}


class Listed(NamedTuple):
    """A judgement, and the places of its text in the open dataset: none where the dataset does not have it."""

    judgement: Judgement
    places: Sequence[Place] = ()

    @property
    def name(self) -> str:
        """Names it in a link."""
        one = self.judgement
        said_by = f"{one.prompt}{one.response}{one.person.name}{one.person.signed_in}"
        return sha256(said_by.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def listed(found: Judged, *, here: bool, ids: Collection[int] | None = None) -> list[Listed]:
    """What is said of texts of the dataset, of these prompts (None: of all), or of texts that it does not have; the last change
    first."""
    if not here:
        rows = [Listed(one) for one in found.elsewhere]
    else:
        wanted = None if ids is None else {*ids}
        places: dict[Judgement, list[Place]] = {}
        for place, said in found.at.items():
            if wanted is None or place[0] in wanted:
                for one in said:
                    places.setdefault(one, []).append(place)
        rows = [Listed(one, sorted(its_places)) for one, its_places in places.items()]
    return sorted(rows, key=lambda row: row.judgement.at, reverse=True)


def narrowed(
    rows: Sequence[Listed], by: str = "", says: str = "", tags: Collection[str] = (), find: str = "",
    texts: Mapping[str, str] | None = None,
) -> list[Listed]:  # fmt: skip
    """The rows by one person, that have what `says` (a key of SAYS) names, one of the tags, and `find` in what is said or in
    the `texts` of prompt and response, in upper or lower case."""
    wanted = find.strip().casefold()

    def is_found(one: Judgement) -> bool:
        said = (one.person.name, *one.said.tags, one.said.note, *((texts or {}).get(key, "") for key in one[:2]))
        return any(wanted in text.casefold() for text in said)

    has = {"": True, "star": "starred", "note": "note", "tag": "tags"}
    return [
        row
        for row in rows
        if by in ("", f"{row.judgement.person}")
        and (not says or getattr(row.judgement.said, str(has[says])))
        and (not tags or {*tags} & {*row.judgement.said.tags})
        and (not wanted or is_found(row.judgement))
    ]


def table(rows: Sequence[Listed], texts: Mapping[str, str]) -> pd.DataFrame:
    """One row per judgement: at, author, starred, tags, note, prompt_id (missing where the dataset does not have the text),
    response (missing where the prompt is judged), prompt."""
    return pd.DataFrame(
        [
            (
                one.at,
                f"{one.person}",
                one.said.starred,
                ", ".join(one.said.tags),
                one.said.note,
                places[0][0] if places else None,
                None if one.response == OF_THE_PROMPT else texts.get(one.response, ""),
                texts.get(one.prompt, ""),
            )
            for one, places in rows
        ],
        columns=["at", "author", "starred", "tags", "note", "prompt_id", "response", "prompt"],
    ).astype({"prompt_id": "Int64"})
