"""Who says something: by a name of their own, or signed in."""

import re
import unicodedata
from typing import NamedTuple

LONGEST_NAME = 80


# Marks of what is proven, which no typed name has, and characters that show as nothing.
MARKS = re.compile("[\u2713\u2714\u2611\u2705\U0001f5f8\u221a\u3164\u2800\u115f\u1160\uffa0]")


class Person(NamedTuple):
    """A name; `signed_in` where a login has proven it, which a name that somebody typed can never pass for."""

    name: str
    signed_in: bool = False

    def __str__(self) -> str:
        """The name as it is shown: no two people have the same."""
        return f"{self.name} ✓" if self.signed_in else self.name


def clean_name(typed: str) -> str:
    """A name as it is kept: one line of visible characters, at most LONGEST_NAME."""
    shown = MARKS.sub("", typed)
    visible = "".join(" " if char.isspace() else char for char in shown if char.isspace() or char.isprintable())
    return re.sub(" +", " ", unicodedata.normalize("NFC", visible)).strip()[:LONGEST_NAME].strip()


def clean_text(typed: str, longest: int) -> str:
    """A text as every database takes it: valid Unicode without NUL."""
    return typed.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")[:longest]
