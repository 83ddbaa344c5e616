"""Prompts for tests of what is derived of a dataset."""

from random import Random
from typing import Any


def made_rows(prompts: int) -> list[dict[str, Any]]:
    """Prompts with six candidates each, with texts and rewards that are drawn."""
    numbers = Random(1)
    return [
        {
            "prompt": f"Prompt {prompt}?",
            "candidates": [
                (f"m{place % 3}", f"Text {prompt}.{place} {'more ' * numbers.randrange(9)}", numbers.gauss(0, 1))
                for place in range(6)
            ],
        }
        for prompt in range(prompts)
    ]
