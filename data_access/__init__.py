"""Parquet in, data frames out: the only package that knows DuckDB and files. Its rooms, in the data's way:

opening -> layouts -> preparing -> dataset.py, the door -> questions | training_data | console
"""
