"""Comes in: a `Source` with Parquet files and their layout. Goes out: a folder of tidy Parquet files (`prepare`), or the same
relations as views."""
