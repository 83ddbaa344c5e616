"""Choosing among the layouts, and checking that the columns which a mapping names can be what it says."""

from collections.abc import Iterable
from typing import Protocol

from data_access.errors import LayoutError
from data_access.layouts import column_names
from data_access.layouts.column_mapping import AGGREGATES, WORDS, ColumnMapping
from data_access.layouts.column_types import Columns, Kinds, is_conversation
from data_access.layouts.known import list_of_structs, numbered_wide, pairs, parallel_lists, row_a_candidate
from data_access.layouts.layout import Layout


class LayoutModule(Protocol):
    """What each module of a layout has."""

    NAME: str
    REQUIRED: tuple[str, ...]  # the roles without which it is not this layout
    EXPECTED: dict[str, str]  # what to say that they could be
    ROLES: tuple[str, ...]  # every role that somebody may give a column, in the order of the form
    KINDS: Kinds  # what the types of some roles must be
    CONVERSATION: str  # the role whose column, where it is a conversation, begins with the prompt; '' for none

    def named(self, columns: Columns, mapping: ColumnMapping) -> dict[str, Columns]: ...
    def detected(self, columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping: ...
    def layout(self, mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout: ...
    def wrong(self, mapping: ColumnMapping, file: str) -> str: ...


MODULES: tuple[LayoutModule, ...] = (numbered_wide, parallel_lists, list_of_structs, row_a_candidate, pairs)
LAYOUTS = {module.NAME: module for module in MODULES}
BESIDE_TEXTS = {"prompt", "rewards", "rejected_rewards"}
OF_CANDIDATES = ("response", "model", "rewards", "lower_is_better")
ANYTHING = (lambda kind: True, "anything")
HOW = "Say which column is what, here or in a file rewardscope.toml beside it."


def detect_mapping(columns: Columns, file: str, given_mapping: ColumnMapping | None = None) -> ColumnMapping:
    """Which of a file's columns (name -> DuckDB type) is what: as given, and by names and types where nothing is.

    LayoutError, naming the file, for columns that fit no layout or several, or that cannot be what the mapping says.
    """
    given_mapping = given_mapping or ColumnMapping()
    if given_mapping.layout and given_mapping.layout not in LAYOUTS:
        raise LayoutError(
            f"{given_mapping.origin}: there is no layout {given_mapping.layout}. The layouts are {', '.join(LAYOUTS)}."
        )
    _check_names(columns, file, given_mapping)
    modules = [LAYOUTS[given_mapping.layout]] if given_mapping.layout else list(LAYOUTS.values())
    found = [module.detected(columns, given_mapping) for module in modules]
    complete = [mapping for mapping in found if not missing(mapping, columns)]
    misfits = [misfit(mapping, columns, file) for mapping in complete]
    if complete and all(misfits):
        raise LayoutError(misfits[0])
    complete = [mapping for mapping, wrong in zip(complete, misfits, strict=True) if not wrong]
    if len(complete) > 1:
        could = "; or ".join(layout(mapping, columns, file, "relation", "1").description for mapping in complete)
        raise LayoutError(f"{file} could be read in {len(complete)} ways: {could}. {HOW}")
    if not complete:
        raise LayoutError(_what_is_missing(columns, file, found))
    return complete[0]


def layout(mapping: ColumnMapping, columns: Columns, file: str, relation: str, row: str) -> Layout:
    """The layout of a file, as SELECTs over the FROM clause `relation`, in which the expression `row` numbers the rows.

    LayoutError, naming the file, for a column that the mapping needs and this file does not have.
    """
    _check_names(columns, file, mapping)
    if wrong := misfit(mapping, columns, file):
        raise LayoutError(wrong)
    return LAYOUTS[mapping.layout or ""].layout(mapping, columns, relation, row)


def may_hold_conversations(columns: Columns, given_mapping: ColumnMapping | None) -> list[str]:
    """The text columns that may hold message lists as JSON: those by whose names or use texts are expected."""
    texts = {
        *column_names.PROMPTS,
        *column_names.RESPONSES,
        *column_names.PAIR["chosen"],
        *column_names.PAIR["rejected"],
    }
    given = given_mapping or ColumnMapping()
    texts |= {name or "" for name in (given.prompt, given.response, given.chosen, given.rejected)}
    return [name for name, kind in columns.items() if name in texts and kind in ("VARCHAR", "JSON")]


def missing(mapping: ColumnMapping, columns: Columns) -> list[str]:
    """The roles that this layout needs and the mapping has no column for."""
    needed = [role for role in LAYOUTS[mapping.layout or ""].REQUIRED if not getattr(mapping, role)]
    role = LAYOUTS[mapping.layout or ""].CONVERSATION
    conversation = getattr(mapping, role) if role else None
    if not mapping.prompt and not is_conversation(columns.get(conversation or "", "")):
        needed.append("prompt")
    return needed


def _what_is_missing(columns: Columns, file: str, found: list[ColumnMapping]) -> str:
    """A sentence on the layout that the columns come nearest to."""
    texts_found = [one for one in found if set(missing(one, columns)) <= BESIDE_TEXTS]
    listed = f"Found: {listed_names(columns)}. {HOW}"
    if not texts_found:
        expected = "; ".join(
            LAYOUTS[one.layout or ""].EXPECTED[missing(one, columns)[0]]
            for one in found
            if missing(one, columns)[0] in LAYOUTS[one.layout or ""].EXPECTED
        )
        role = "response" if len(found) > 1 else WORDS[missing(found[0], columns)[0]]
        return f"{file} has no column that could be a {role}: expected {expected or 'a text'}. {listed}"
    nearest = min(texts_found, key=lambda one: len(missing(one, columns)))
    role = missing(nearest, columns)[0]
    if role != "prompt" and (wrong := LAYOUTS[nearest.layout or ""].wrong(nearest, file)):
        return wrong
    if role == "prompt":
        return f"{file} has no column that could be the prompt: expected {', '.join(column_names.PROMPTS)}. {listed}"
    expected = LAYOUTS[nearest.layout or ""].EXPECTED[role]
    return f"{file} has no column that could be a reward: expected {expected}. {listed}"


def listed_names(columns: Iterable[str]) -> str:
    """The columns' names for a message, at most twelve."""
    known = list(columns)
    return ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")


def roles(layout: str) -> tuple[str, ...]:
    """The roles that somebody may give a column in this layout."""
    return LAYOUTS[layout].ROLES


def is_needed(layout: str, role: str) -> bool:
    """Whether this layout must have a column in this role."""
    return role in LAYOUTS[layout].REQUIRED


def guess_mapping(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping | None:
    """The given mapping, completed by names and types even if a column is missing or unfit; None where not even
    the layout is known."""
    if given_mapping.layout in LAYOUTS:
        return LAYOUTS[given_mapping.layout].detected(columns, given_mapping)
    try:
        return detect_mapping(columns, "", given_mapping)
    except LayoutError:
        return None


def options(mapping: ColumnMapping, columns: Columns, role: str) -> list[str]:
    """What a role can be in the mapping's layout: names of columns, numbered columns or fields, of a type that fits."""
    if role == "aggregate":
        return list(AGGREGATES) if mapping.aggregate else []
    if role == "lower_is_better":
        return [*(mapping.rewards or ())]
    fits, _ = LAYOUTS[mapping.layout or ""].KINDS.get(role, ANYTHING)
    named = _may_be_named(mapping, columns, role)
    return [name for name, kinds in named.items() if all(map(fits, kinds.values()))]


def misfit(mapping: ColumnMapping, columns: Columns, file: str) -> str:
    """A sentence on a column whose type does not fit its role, or ''."""
    kinds = LAYOUTS[mapping.layout or ""].KINDS
    for role, (fits, what) in {**kinds, "model": ANYTHING}.items():
        named = _may_be_named(mapping, columns, role)
        for name in _values(mapping, role):
            if name not in named:
                return f"{mapping.origin or file}: {role} is said to be {name}, which cannot be in this layout. {HOW}"
            for column, kind in named[name].items():
                if not fits(kind):
                    do = "Convert the rewards to numbers." if what == "numbers" else HOW
                    return f"{file}: the column {column} holds {kind}, not {what}. {do}"
    return LAYOUTS[mapping.layout or ""].wrong(mapping, file)


def _may_be_named(mapping: ColumnMapping, columns: Columns, role: str) -> dict[str, Columns]:
    """What a role may name, and the types of the columns that it then means."""
    if role in OF_CANDIDATES:
        return LAYOUTS[mapping.layout or ""].named(columns, mapping)
    return {name: {name: kind} for name, kind in columns.items()}


def _values(mapping: ColumnMapping, role: str) -> tuple[str, ...]:
    value = getattr(mapping, role)
    return value if isinstance(value, tuple) else (value,) if value else ()


def _check_names(columns: Columns, file: str, mapping: ColumnMapping) -> None:
    """LayoutError for a column that the mapping names and the file does not have."""
    modules = [LAYOUTS[mapping.layout]] if mapping.layout else list(LAYOUTS.values())
    of_candidates = {name for module in modules for name in module.named(columns, mapping)}.difference(columns)
    for role in WORDS:
        if role in ("layout", "aggregate"):
            continue
        known, kind = tuple(columns), "column"
        if role in OF_CANDIDATES:
            known, kind = (*sorted(of_candidates), *columns), "column or field"
        for name in _values(mapping, role):
            if name not in known:
                raise LayoutError(
                    f"{mapping.origin or file}: {role} is said to be {name}, but {file} has no such {kind}. "
                    f"Found: {listed_names(known)}."
                )
