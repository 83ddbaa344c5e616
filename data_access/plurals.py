"""How many of what, in words."""


def things(n: int, one: str, several: str = "") -> str:
    """'1 prompt', '0 prompts', '1,234 prompts'; `several` where that is not `one` with an s."""
    return f"{n:,} {one if n == 1 else several or f'{one}s'}"
