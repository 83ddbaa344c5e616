"""Relations that are made of all texts once: a bar shows how far that is, whoever makes them."""

from collections.abc import Callable

from data_access.dataset import Dataset
from data_access.derived.kept_relations import is_made
from pages.components.feedback.progress import progress

MEASURING = "Measuring the responses: once for this dataset."
COUNTING = "Counting the words of the best and the worst responses: once for this scorer."
FINDING = "Finding nearly the same texts: once for this dataset."

RECOGNISING = "Recognising the texts that people judged: once for this dataset."


def see_made(
    dataset: Dataset, relation: str, make: Callable[[Dataset, Callable[[float], None]], None], doing: str
) -> None:
    """Have a relation made, with progress, if it is not there."""
    if not is_made(dataset, relation):
        with progress(doing) as report:
            make(dataset, report)
