"""An open dataset comes in; relations that are worked out of all its texts go out, made once and kept beside its files."""
