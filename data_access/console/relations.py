"""What the relations of an open dataset are, and what each of their columns holds: the one place that says so."""

from typing import NamedTuple

from data_access import database, stores
from data_access.dataset import Dataset
from data_access.derived import attributes, twins
from data_access.derived.changes import CHANGES

GRAINS = {
    "prompts": "one row per prompt",
    "responses": "one row per candidate, with its text",
    "scores": "one row per candidate and scorer, without texts",
    "attributes": "one row per candidate with a text: what is measured of it",
    "twins": "one row per pair of candidates of a prompt with nearly the same text",
    "source": "your file, as it is",
}
MEANINGS = {
    "prompts": {
        "prompt_id": "number of the prompt, from 1, in the source's order",
        "source_key": "the source's own id of the prompt, if it has one",
        "prompt": "its text",
        "subset": "RewardBench subset, or the source's own",
        "section": "RewardBench section of the subset",
        "chosen": "RewardBench's preferred text; it has no reward of its own",
        "chosen_model": "who wrote it",
        "rejected": "RewardBench's other text; it has no reward of its own",
        "rejected_model": "who wrote it",
        "chosen_candidates": "candidates that have the chosen text",
        "chosen_is_exact": "exact match; else except for white space, Unicode form or template tokens",
        "rejected_candidates": "candidates that have the rejected text",
        "rejected_is_exact": "exact match, as above",
        "candidates": "number of candidates",
        "texts": "number of different texts among them",
        "empty": "candidates without a text",
        "cut_off": "candidates whose text seems cut off",
        "refusals": "candidates that begin with a refusal phrase",
        "template_tokens": "candidates with chat-template tokens in the text",
        "summaries": "for each scorer: scored, mean, sd, quartiles, best, gap_to_second, length_correlation and more; "
        "summaries['reward'].sd",
    },
    "responses": {
        "prompt_id": "number of the prompt",
        "candidate": "number of the candidate, from 1, as in the source",
        "model": "source model: who wrote the response",
        "response": "its text",
        "chars": "its length in characters",
        "list_items": "lines that are list items",
        "headers": "lines that are Markdown headers",
        "code_blocks": "fenced code blocks",
        "bold_spans": "bold spans",
        "is_empty": "nothing but white space",
        "is_cut_off": "seems to end in mid-sentence or mid-code",
        "is_refusal": "begins with a refusal phrase",
        "has_template_tokens": "chat-template tokens were left in",
        "text_hash": "the same for the same text",
    },
    "scores": {
        "scorer": "reward model",
        "prompt_id": "number of the prompt",
        "candidate": "number of the candidate",
        "model": "source model: who wrote the response",
        "reward": "raw logit; only differences within a prompt mean something; NULL is not scored",
        "centred": "reward minus the prompt's mean",
        "gap": "the prompt's best reward minus this one; 0 is best",
        "rank": "1 is best; ties share the mid-rank",
        "percentile": "within the prompt; 100 is best",
        "chars": "length of the response in characters",
        "text_hash": "the same for the same text",
    },
    "attributes": {
        "prompt_id": "number of the prompt",
        "candidate": "number of the candidate",
        **{attribute.key: attribute.tells for attribute in attributes.ATTRIBUTES},
    },
    "twins": {
        "prompt_id": "number of the prompt",
        "candidate": "number of the candidate without the change, or with the shorter text",
        "twin": "number of the one with it",
        "similarity": "of the two texts, from 0.9 to 1",
        "change": f"{', '.join(kind.key for kind in CHANGES)}",
        "what": "what was changed, on one line",
    },
}
# Relations that are made when a query first asks for them -> their columns with DuckDB's types, and what makes them.
MADE_LATER = {
    "attributes": (attributes.COLUMNS, attributes.attributes),
    "twins": (twins.COLUMNS, twins.twins),
}


class Column(NamedTuple):
    """A column with its DuckDB type, and a line on what it holds; '' for the source's own columns."""

    name: str
    type: str
    meaning: str


def relations(dataset: Dataset) -> dict[str, tuple[Column, ...]]:
    """The columns of every relation of an open dataset, in order; without the source where that lies in a store, which the
    sealed process cannot reach."""
    found = {}
    for relation in GRAINS:
        if relation == "source" and stores.of_store(dataset.own_files):
            continue
        columns = MADE_LATER[relation][0] if relation in MADE_LATER else database.columns_of(dataset, relation)
        meanings = MEANINGS.get(relation, {})
        found[relation] = tuple(Column(name, kind, meanings.get(name, "")) for name, kind in columns.items())
    return found
