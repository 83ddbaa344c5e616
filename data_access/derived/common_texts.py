"""Texts that answer most prompts alike, as an attack on a judge does: they answer none of them, and what is said of texts in
general leaves them out. One such text would stand for a text in every prompt."""

from data_access.database import read
from data_access.dataset import Dataset

ENOUGH = 10  # prompts: of fewer, half is no pattern
AT_ONCE = 250_000  # candidates whose texts are counted at once: bounds memory


def common_texts(dataset: Dataset, scorer: str) -> list[int]:
    """The text_hash of each text that half of all prompts or more have among the candidates that this scorer has scored."""
    rows = read(
        dataset,
        "derived/common_texts",
        scorer=scorer,
        total=dataset.contents.prompts,
        enough=ENOUGH,
        among=_among(dataset, scorer, by_model=False),
    )
    return [int(one) for one in rows["text_hash"]]


def one_answer(dataset: Dataset, scorer: str) -> tuple[str, int, int, int] | None:
    """Of the source models that give one and the same text to half of their prompts or more, the one that wins most: its name,
    the prompts with that text, of how many, and in how many it has the best reward. None where there is none."""
    rows = read(
        dataset, "derived/one_answer", scorer=scorer, enough=ENOUGH, among=_among(dataset, scorer, by_model=True)
    )
    if rows.empty:
        return None
    row = rows.iloc[0]
    return str(row["model"]), int(row["prompts"]), int(row["total"]), int(row["won"])


def _among(dataset: Dataset, scorer: str, *, by_model: bool) -> list[int] | None:
    """The texts that can be such ones; None for any, where all can be counted at once."""
    spans = [*dataset.spans(AT_ONCE)]
    if len(spans) < 2:
        return None
    found: set[int] = set()
    for first, last in spans:
        rows = read(
            dataset,
            "derived/alike_in_some",
            narrowed=dataset.narrowed(first, last),
            scorer=scorer,
            by_model=by_model,
            first=first,
            last=last,
        )
        found |= {int(one) for one in rows["text_hash"]}
    return sorted(found)
