"""Texts that answer most prompts alike, as an attack on a judge does: they answer none of them, and what is said of texts in
general leaves them out. One such text would stand for a text in every prompt."""

from data_access.database import read
from data_access.dataset import Dataset

ENOUGH = 10  # prompts: of fewer, half is no pattern


def common_texts(dataset: Dataset, scorer: str) -> list[int]:
    """The text_hash of each text that half of all prompts or more have among the candidates that this scorer has scored."""
    rows = read(dataset, "derived/common_texts", scorer=scorer, total=dataset.contents.prompts, enough=ENOUGH)
    return [int(one) for one in rows["text_hash"]]
