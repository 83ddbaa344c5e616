"""Comes in: an open `Dataset` and what a page asks of it. Goes out: a data frame, or a small value: one module a question."""
