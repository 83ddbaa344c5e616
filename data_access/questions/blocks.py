"""Comparing every candidate of a prompt with every other, in blocks that bound memory."""

from collections.abc import Iterator


def blocks(prompts: int, n: int, at_once: int) -> Iterator[tuple[slice, slice]]:
    """Slices of prompts and, within them, of their n candidates, to compare with all n: at most `at_once` comparisons, and
    all blocks of the same prompts in a row, the first of which starts at 0."""
    at_once = max(1, at_once)
    height = min(max(n, 1), max(1, at_once // max(n, 1)))
    width = max(1, at_once // (height * max(n, 1)))
    for start in range(0, prompts, width):
        for top in range(0, max(n, 1), height):
            yield slice(start, start + width), slice(top, min(top + height, n))
