"""How many of what, in words."""

from data_access.plurals import things, verb


def test_one_is_singular_and_all_else_plural() -> None:
    assert [things(n, "prompt") for n in (0, 1, 2, 1234)] == ["0 prompts", "1 prompt", "2 prompts", "1,234 prompts"]
    assert [things(n, "is", "are") for n in (1, 2)] == ["1 is", "2 are"]


def test_a_verb_goes_with_its_number() -> None:
    assert [verb(n, "has", "have") for n in (0, 1, 2, 1001)] == ["have", "has", "have", "have"]
