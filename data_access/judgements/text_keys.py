"""What judgements hang on: a text's own content, whatever file, row or layout it comes from."""

from hashlib import sha256


def text_key(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits; DuckDB's sha256() gives the same."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
