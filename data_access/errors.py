"""What can go wrong with data, in sentences for the person who looks at the page."""


class DataError(Exception):
    """The message is one or two sentences: what was wrong with which file, column or setting, and what to do."""


class SettingError(DataError):
    """An environment variable holds something that we cannot use."""


class SourceError(DataError):
    """A file or folder that was asked for is missing, empty, unreadable or no Parquet."""


class LayoutError(DataError):
    """The files are readable Parquet, but their columns do not hold prompts, responses and rewards as we know them."""


class StorageError(DataError):
    """The cache folder cannot be written: read-only, missing rights, or full."""


class NoRoomError(StorageError):
    """What is to be written does not fit under the cache folder's limit: too much of what is there is in use."""


class JudgementsError(DataError):
    """What people said cannot be read or written just now: the database is away, full or locked. Browsing goes on."""


class ChangedMeanwhileError(JudgementsError):
    """Somebody has saved another version of the same thing since it was read; nothing was written over it."""


class QueryError(DataError):
    """A query that the database cannot answer, for want of memory or time or for what it asks: the dataset stays open."""


class InvalidExpressionError(QueryError):
    """A regular expression that does not compile."""


class QueryTimeoutError(QueryError):
    """A query that ran into its time limit."""


class RefusedError(QueryError):
    """A query that the SQL console does not run, as it would do more than read the open dataset."""
