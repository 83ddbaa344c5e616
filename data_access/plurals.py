"""How many of what, in words, and the verb that goes with it."""


def things(n: int, one: str, several: str = "") -> str:
    """'1 prompt', '0 prompts', '1,234 prompts'; `several` where that is not `one` with an s."""
    return f"{n:,} {one if n == 1 else several or f'{one}s'}"


def verb(n: int, one: str, several: str) -> str:
    """'has' for 1, as in '1 of 7 candidates has no text', else 'have'."""
    return one if n == 1 else several
