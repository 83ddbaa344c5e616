"""Which columns hold prompts, responses, source models and rewards -> SELECTs that bring them into one shape.

A layout is SELECTs over a relation that has the file's columns:

- prompts: prompt_id, source_key, prompt, subset, chosen, chosen_model, rejected, rejected_model
- candidates: prompt_id, candidate, model, response (only candidates that have a text or a reward)
- rewards: scorer, prompt_id, candidate, reward (where the file has one: NaN and infinite ones too)

`detect_mapping` says which column is what, from the columns' names and types and from what a person says; `layout` makes the
SELECTs of that. docs/layouts.md tells how to add one.
"""

from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.detection import (
    LAYOUTS,
    detect_mapping,
    guess_mapping,
    is_needed,
    layout,
    may_hold_conversations,
    options,
    roles,
)
from data_access.layouts.layout import Layout

__all__ = [
    "LAYOUTS",
    "ColumnMapping",
    "Layout",
    "detect_mapping",
    "guess_mapping",
    "is_needed",
    "layout",
    "may_hold_conversations",
    "options",
    "roles",
]
