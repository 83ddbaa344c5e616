"""A few of the damaged files that `python -m tests.data_access.mutated_files` opens."""

from pathlib import Path

from tests.data_access.mutated_files import mutated, opened

FILES = 30


def test_a_damaged_file_is_opened_or_refused_in_a_sentence_that_names_it(tmp_path: Path) -> None:
    found: dict[int, str] = {}
    for number in range(FILES):
        ending, data = mutated(number, seed=1)
        file = tmp_path / f"{number}.{ending}"
        file.write_bytes(data)
        found[number] = opened(file, tmp_path / "cache")
    assert {number: said for number, said in found.items() if said not in ("opened", "refused")} == {}
    assert {*found.values()} == {"opened", "refused"}
