"""Parquet in, data frames out: the only package that knows DuckDB and files."""
