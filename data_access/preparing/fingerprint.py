"""A name for what is prepared of a source: for the present state of its files and of what is said of their columns."""

from pathlib import Path

from data_access.errors import SourceError
from data_access.layouts.column_mapping import to_toml
from data_access.layouts.saved_mappings import saved_mapping
from data_access.opening.file_state import state
from data_access.opening.sources import Source

FORMAT_VERSION = "10"


def fingerprint(source: Source, cache: Path) -> str:
    """Changes when a path, size or time of change does, the mapping of columns, or the format of the prepared files.

    Raises SourceError, naming the file, for one that is missing, LayoutError for a mapping that cannot be read.
    """
    if source.problem:
        raise SourceError(source.problem)
    said = [
        (part.name if source.joined else "", len(part.files), to_toml(mapping) if mapping else "")
        for part in source.joined or (source,)
        for mapping in [saved_mapping(part, cache)]
    ]
    return state(source.every_file, FORMAT_VERSION, said)
