"""Comes in: what an operator or a viewer names. Goes out: a `Source` with Parquet files on this machine (`to_local_files`)."""
