"""What DuckDB says is turned into sentences, whatever it is."""

import duckdb
import pytest

from data_access.errors import DataError, InvalidExpressionError, QueryError, QueryTimeoutError, SourceError
from data_access.failures import answering


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (
            duckdb.InterruptException("Interrupted!"),
            QueryTimeoutError,
            "This took longer than 2.5 seconds and was stopped.",
        ),
        (
            duckdb.OutOfMemoryException(
                "Out of Memory Error: could not allocate block of size 256.0 KiB\nPossible: SET x"
            ),
            QueryError,
            "This needs more memory than the server lets a dataset's queries use. Narrow the filter to fewer prompts. "
            "(could not allocate block of size 256.0 KiB)",
        ),
        (
            duckdb.ConversionException("Conversion Error: Could not convert string 'a' to INT32"),
            QueryError,
            "The data has a value that is not what is expected there. Correct it in the source. (Could not convert string 'a' "
            "to INT32)",
        ),
        (
            duckdb.OutOfRangeException("Out of Range Error: Overflow in addition"),
            QueryError,
            "The data has a value that is not what is expected there. Correct it in the source. (Overflow in addition)",
        ),
        (
            duckdb.InvalidInputException('Invalid Input Error: Invalid string encoding found in Parquet file "x"'),
            QueryError,
            "The source has texts that are not valid Unicode, which cannot be read here.",
        ),
        (duckdb.InvalidInputException("Invalid Input Error: missing ): ("), InvalidExpressionError, "missing ): ("),
        (
            duckdb.IOException("IO Error: No files found"),
            SourceError,
            "A file of the open dataset cannot be read. Reload this page. (No files found)",
        ),
        (
            duckdb.FatalException("FATAL Error: database has been invalidated"),
            SourceError,
            "The database of this dataset has broken down. Reload this page. (database has been invalidated)",
        ),
        (
            duckdb.CatalogException("Catalog Error: Table with name x does not exist!"),
            QueryError,
            "The database cannot answer this. (Table with name x does not exist!)",
        ),
    ],
)
def test_an_error_in_reading_an_open_dataset_is_a_sentence(
    error: duckdb.Error, kind: type[DataError], sentence: str
) -> None:
    with pytest.raises(DataError) as raised, answering(2.5):
        raise error
    assert (type(raised.value), str(raised.value)) == (kind, sentence)
