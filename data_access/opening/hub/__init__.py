"""Comes in: a name on the Hugging Face hub. Goes out: its files in the hub client's cache, with revision and notes."""
