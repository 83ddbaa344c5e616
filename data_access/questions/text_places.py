"""Where the texts that people said something of are in a dataset: found by their content, not by their row."""

from collections.abc import Iterable

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.derived.text_keys import text_keys


def text_places(dataset: Dataset, keys: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Of texts, each as the keys of its prompt and of itself ('' for a prompt's own text), where the dataset has them.

    One row per place: prompt_key, response_key, prompt_id, choice ('' for the prompt, else a candidate's number, 'chosen' or
    'rejected', as Compare's links name them), candidate (missing where the place is none). What the dataset does not have
    has no row; a text that several candidates have has several. Reads all texts the first time.
    """
    asked = [*keys]
    text_keys(dataset)
    return read(
        dataset, "questions/text_places", prompts=[key for key, _ in asked], responses=[key for _, key in asked]
    )
