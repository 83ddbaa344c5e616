"""Comes in: an open `Dataset` and a viewer's own SELECT. Goes out: its rows, from a sealed process."""
