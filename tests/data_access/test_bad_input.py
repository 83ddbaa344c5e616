"""Bad input: a sentence that names the file and says what to do, or the data opened with a notice; never a crash."""

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset, open_dataset
from data_access.errors import DataError, SourceError
from data_access.layouts import ColumnMapping
from data_access.opening import text_files
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.opening.sources import Source
from data_access.preparing.fingerprint import fingerprint
from data_access.preparing.preview import first_prompt
from data_access.questions.prompt import prompt
from data_access.questions.search import found_prompts
from data_access.settings import Settings
from tests.conftest import open_path, wide_table
from tests.data_access.preparing.test_preparation import rows

NAN, INFINITE = float("nan"), float("inf")
GOOD = wide_table([{"prompt": "p", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]}])


def invalid(*texts: bytes, large: bool = False) -> pa.Array:
    """A string array of these bytes, which need not be UTF-8."""
    ends = [sum(map(len, texts[:i])) for i in range(len(texts) + 1)]
    offsets = struct.pack(f"<{len(ends)}{'q' if large else 'i'}", *ends)
    kind = pa.large_string() if large else pa.string()
    return pa.Array.from_buffers(kind, len(texts), [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(texts))])


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[Path], str]:
    """Open a path that cannot be opened: what the page says of it. Nothing stays in the cache, but for locks."""

    def open_bad(path: Path) -> str:
        cache = tmp_path / "cache"
        with pytest.raises(DataError) as raised:
            open_path(path, cache)
        assert [left for left in cache.glob("*") if left.suffix != ".lock"] == []
        return str(raised.value)

    return open_bad


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a table of a prompt, and the columns given, as a Parquet file."""

    def write(**columns: object) -> Path:
        path = tmp_path / "data.parquet"
        pq.write_table(pa.table({"prompt": ["p"], "response_1": ["a"], "reward_1": [1.0]} | columns), path)
        return path

    return write


def test_a_missing_path_and_an_empty_folder(tmp_path: Path, refused: Callable[[Path], str]) -> None:
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "no") == f"{tmp_path}/no does not exist. Check the path."
    assert refused(tmp_path / "empty") == (
        f"The folder {tmp_path}/empty holds no Parquet, JSONL, JSON or CSV file. Put one there, or name another folder."
    )


@pytest.mark.parametrize("content", [b"", b"PAR", b"prompt,response\n1,2\n" * 9, b"\x1f\x8b\x08" + b"\0" * 99])
def test_a_file_that_is_not_parquet(tmp_path: Path, refused: Callable[[Path], str], content: bytes) -> None:
    file = tmp_path / "data.parquet"
    file.write_bytes(content)
    assert (
        refused(file)
        == f"{file} is not a Parquet file, nor JSONL, JSON or CSV by its name. Convert it, or name another file."
    )


def test_a_parquet_file_that_is_cut_off(tmp_path: Path, refused: Callable[[Path], str]) -> None:
    file = tmp_path / "data.parquet"
    pq.write_table(GOOD, file)
    file.write_bytes(file.read_bytes()[:-9])
    assert refused(file) == (
        f"{file} is cut off: its end, which holds the index, is missing. Copy or download it again."
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:200] + whole[-200:],
        lambda whole: whole[:4] + b"\xff" * (len(whole) // 2) + whole[4 + len(whole) // 2 :],
        lambda whole: b"PAR1",
        lambda whole: whole[: len(whole) // 2] + b"\0" * (len(whole) - len(whole) // 2 - 8) + whole[-8:],
    ],
    ids=["without its middle", "pages overwritten", "only the magic bytes", "index overwritten"],
)
def test_a_parquet_file_that_is_damaged_inside(
    tmp_path: Path, refused: Callable[[Path], str], damage: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "data.parquet"
    pq.write_table(GOOD, file)
    file.write_bytes(damage(file.read_bytes()))
    sentence = refused(file)
    assert sentence.startswith(f"{file} cannot be ")
    assert sentence.endswith(" Copy or download it again.")


def test_one_bad_shard_is_the_one_that_is_named(tmp_path: Path, refused: Callable[[Path], str]) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(GOOD, tmp_path / "data" / "train-00000-of-00002.parquet")
    bad = tmp_path / "data" / "train-00001-of-00002.parquet"
    bad.write_bytes(b"an error page")
    assert refused(tmp_path / "data").startswith(f"{bad} is not a Parquet file, nor")
    pq.write_table(GOOD.drop_columns("reward_1").drop_columns("reward_2"), bad)
    assert refused(tmp_path / "data").startswith(f"{bad} has no column that could be a reward")


def test_zero_rows(tmp_path: Path, refused: Callable[[Path], str]) -> None:
    file = tmp_path / "data.parquet"
    pq.write_table(GOOD.slice(0, 0), file)
    assert refused(file) == f"{file} holds no rows. Open a file with at least one prompt."


def test_no_column_that_could_be_a_response(tmp_path: Path, refused: Callable[[Path], str]) -> None:
    file = tmp_path / "data.parquet"
    pq.write_table(pa.table({"prompt": ["p"], "reply": ["a"]}), file)
    assert refused(file).startswith(
        f"{file} has no column that could be a response: expected response_1, response_2, …"
    )


@pytest.mark.parametrize(
    ("reward", "kind"), [("high", "VARCHAR"), (True, "BOOLEAN"), ([1.0], "DOUBLE[]")], ids=["text", "yes or no", "list"]
)
def test_rewards_that_are_not_numbers(
    written: Callable[..., Path], refused: Callable[[Path], str], reward: object, kind: str
) -> None:
    file = written(reward_1=pa.array([reward]))
    assert refused(file) == (f"{file}: the column reward_1 holds {kind}, not numbers. Convert the rewards to numbers.")


@pytest.mark.parametrize(
    "reward",
    [pa.array([None], pa.float64()), pa.nulls(1), pa.array([NAN]), pa.array([-INFINITE])],
    ids=["null", "null without a type", "NaN", "infinite"],
)
def test_all_rewards_missing(written: Callable[..., Path], refused: Callable[[Path], str], reward: pa.Array) -> None:
    file = written(reward_1=reward)
    assert refused(file) == (
        f"{file}: every reward is missing (null, NaN or infinite), so nothing can be ranked. "
        "Score the responses, or open another file."
    )


def test_nan_and_infinite_rewards_are_not_scored_and_said_so(opened: Callable[..., Dataset]) -> None:
    candidates = [("m", "a", NAN), ("m", "b", 3.0), ("m", "c", INFINITE), ("m", "d", 1.0), ("m", "e", -INFINITE)]
    dataset = opened([{"prompt": "p", "candidates": candidates}])
    assert rows(dataset, "SELECT candidate, reward, centred, gap, rank, percentile FROM scores") == [
        (1, None, None, None, None, None),
        (2, 3.0, 1.0, 0.0, 1.0, 100.0),
        (3, None, None, None, None, None),
        (4, 1.0, -1.0, 2.0, 2.0, 0.0),
        (5, None, None, None, None, None),
    ]
    assert (dataset.contents.candidates, dataset.contents.scored) == (5, 2)
    assert dataset.notices == (
        "train-00000-of-00001.parquet: rewards that are NaN or infinite: 3. They are shown as not scored and left out of "
        "every statistic.",
    )


def test_a_null_prompt_is_listed_and_said_so(opened: Callable[..., Dataset]) -> None:
    candidates = [("m", "a", 1.0)]
    texts = (None, "p", " \n", None)
    dataset = opened([{"prompt": text, "candidates": candidates} for text in texts])
    assert rows(dataset, "SELECT prompt_id, prompt, candidates FROM prompts") == [
        (1, None, 1),
        (2, "p", 1),
        (3, " \n", 1),
        (4, None, 1),
    ]
    assert dataset.notices == (
        "train-00000-of-00001.parquet: prompts without a text: 3. They are listed with an empty prompt.",
    )


@pytest.mark.parametrize("large", [False, True], ids=["string", "large_string"])
def test_invalid_unicode_is_replaced_and_said_so(written: Callable[..., Path], tmp_path: Path, large: bool) -> None:
    file = written(
        prompt=pa.array(["valid: é", None]),
        # Latin-1, and a lone surrogate as CESU-8 has it
        response_1=invalid(b"caf\xe9 au lait", b"ok", large=large),
        response_2=invalid("naïve".encode(), b"<\xed\xa0\x80>", large=large),
        reward_1=[1.0, 2.0],
        other=invalid(b"\xff", b"\xff", large=large),
    )
    dataset = open_path(file, tmp_path / "cache")
    assert rows(dataset, "SELECT prompt_id, candidate, response FROM responses") == [
        (1, 1, "caf\ufffd au lait"),
        (1, 2, "naïve"),
        (2, 1, "ok"),
        (2, 2, "<\ufffd\ufffd\ufffd>"),
    ]
    assert rows(dataset, "SELECT prompt FROM prompts") == [("valid: é",), (None,)]
    assert dataset.notices[0] == (
        "data.parquet: texts that are not valid Unicode: 2. What cannot be read in them shows as \ufffd."
    )


def test_invalid_unicode_in_a_dictionary_is_replaced_too(written: Callable[..., Path], tmp_path: Path) -> None:
    indices = pa.array([0, 1, 0], pa.int32())
    texts = pa.DictionaryArray.from_arrays(indices, invalid(b"caf\xe9", b"tea"), safe=False)
    file = written(prompt=["p", "q", "r"], response_1=texts, reward_1=[1.0, 2.0, 3.0])
    dataset = open_path(file, tmp_path / "cache")
    assert rows(dataset, "SELECT response FROM responses") == [("caf\ufffd",), ("tea",), ("caf\ufffd",)]


def test_a_file_with_invalid_unicode_that_arrow_cannot_read_is_named(
    written: Callable[..., Path], refused: Callable[[Path], str]
) -> None:
    """Its index holds Arrow's own description of the columns, which DuckDB does not look at."""
    file = written(response_1=invalid(b"caf\xe9"))
    whole = file.read_bytes()
    place = whole.index(b"ARROW:schema") + 40
    file.write_bytes(whole[:place] + b"!!!!" + whole[place + 4 :])
    sentence = refused(file)
    assert sentence.startswith(f"{file} cannot be prepared: Invalid base64 input")
    assert sentence.endswith(" Copy or download it again.")


def test_a_response_of_5_mb_is_kept_whole_and_found(opened: Callable[..., Dataset]) -> None:
    text = "lorem ipsum " * 420_000 + "needle"
    dataset = opened([{"prompt": "p", "candidates": [("ant", text, 1.0), ("bee", "b", 2.0)]}])
    found = prompt(dataset, "reward", 1)
    assert found is not None
    assert found.candidates["response"].tolist() == ["b", text]
    assert found.candidates["chars"].tolist() == [1, 5_040_006]
    assert found_prompts(dataset, "needle", "responses", regex=False) == [1]


def test_a_bad_dataset_leaves_the_others_usable(tmp_path: Path) -> None:
    pq.write_table(GOOD, tmp_path / "good.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"no")
    bad, good, missing = configured_sources(Settings((str(tmp_path), str(tmp_path / "no")), tmp_path / "cache"))
    for source in (bad, missing):
        with pytest.raises(SourceError):
            open_dataset(source, tmp_path / "cache", lambda done, doing: None)
    assert open_dataset(good, tmp_path / "cache", lambda done, doing: None).contents.candidates == 2


def test_a_source_that_is_deleted_before_it_is_opened(written: Callable[..., Path], tmp_path: Path) -> None:
    file = written()
    (source,) = configured_sources(Settings((str(file),), tmp_path / "cache"))
    file.unlink()
    with pytest.raises(SourceError) as raised:
        open_dataset(source, tmp_path / "cache", lambda done, doing: None)
    assert str(raised.value) == (
        f"{file} is no longer there (No such file or directory). Put it back, or choose another dataset."
    )


def test_a_source_that_is_deleted_while_open_is_noticed_and_its_prepared_pages_still_answer(
    written: Callable[..., Path], tmp_path: Path
) -> None:
    file = written()
    (source,) = configured_sources(Settings((str(file),), tmp_path / "cache"))
    dataset = open_path(file, tmp_path / "cache")
    file.unlink()
    with pytest.raises(SourceError, match=f"^{file} is no longer there"):
        fingerprint(source, tmp_path)
    assert rows(dataset, "SELECT prompt, response FROM prompts JOIN responses USING (prompt_id)") == [("p", "a")]


def test_a_source_that_is_replaced_while_open_opens_as_it_is_now(written: Callable[..., Path], tmp_path: Path) -> None:
    first = open_path(written(), tmp_path / "cache")
    second = open_path(written(response_1=["new"], reward_1=[7.0]), tmp_path / "cache")
    assert first.fingerprint != second.fingerprint
    assert rows(second, "SELECT response, reward FROM responses JOIN scores USING (prompt_id)") == [("new", 7.0)]
    assert rows(first, "SELECT response, reward FROM responses JOIN scores USING (prompt_id)") == [("a", 1.0)]


def test_a_source_that_is_replaced_while_it_is_read_is_not_taken_for_what_it_was(
    written: Callable[..., Path], tmp_path: Path
) -> None:
    """Also where a file of the old time of change comes back later: what was read may be of both."""
    file, cache = written(), tmp_path / "cache"
    (source,) = configured_sources(Settings((str(file),), cache))
    before, times = file.read_bytes(), file.stat()

    def replace(done: float, doing: str) -> None:
        if "ranking" in doing:
            written(response_1=["new"], reward_1=[7.0])

    with pytest.raises(SourceError) as raised:
        open_dataset(source, cache, replace)
    assert str(raised.value) == f"{file} has changed while it was read. Open it again."
    assert rows(open_path(file, cache), "SELECT response, reward FROM responses JOIN scores USING (prompt_id)") == [
        ("new", 7.0)
    ]
    file.write_bytes(before)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert rows(open_path(file, cache), "SELECT response, reward FROM responses JOIN scores USING (prompt_id)") == [
        ("a", 1.0)
    ]


def test_text_files_that_are_replaced_while_they_are_read_are_not_taken_for_what_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, cache, convert = tmp_path / "mine.jsonl", tmp_path / "cache", text_files._convert

    def replaced_meanwhile(*given: Any) -> None:
        convert(*given)
        file.write_text(json.dumps(RESPONSES | {"reward_1": 2, "response_1": "new"}))

    file.write_text(json.dumps(RESPONSES | {"reward_1": 1}))
    with monkeypatch.context() as patched:
        patched.setattr(text_files, "_convert", replaced_meanwhile)
        with pytest.raises(SourceError, match=r"mine\.jsonl has changed while it was read\. Open it again\.$"):
            converted(file, cache)
    assert [left for left in cache.iterdir() if left.is_dir() and left.name != "reserved"] == []
    dataset = open_dataset(converted(file, cache), cache, lambda done, doing: None)
    assert rows(dataset, "SELECT response FROM responses WHERE candidate = 1") == [("new",)]


RESPONSES = {"prompt": "p", "response_1": "a", "response_2": "b", "reward_1": None, "reward_2": None}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (RESPONSES, "{}: every reward is missing (null, NaN or infinite), so nothing can be ranked."),
        ({"prompt": "p", "response_1": "a"}, "{} has no column that could be a reward: "),
        (RESPONSES | {"reward_1": "high"}, "{}: the column reward_1 holds VARCHAR, not numbers."),
    ],
    ids=["no reward", "no column", "no number"],
)
def test_what_is_wrong_in_a_file_that_is_converted_is_said_of_the_file_that_was_named(
    tmp_path: Path, line: dict[str, object], sentence: str
) -> None:
    file, cache = tmp_path / "mine.jsonl", tmp_path / "cache"
    file.write_text(json.dumps(line))
    source = converted(file, cache)
    for opens in (
        lambda: open_dataset(source, cache, lambda done, doing: None),
        lambda: open_dataset(source, Path("/proc/c"), lambda done, doing: None),
    ):
        with pytest.raises(DataError) as raised:
            opens()
        assert str(raised.value).startswith(sentence.format(file))
        assert str(cache) not in str(raised.value)


def test_a_conversion_that_is_damaged_is_told_by_the_file_that_was_named(tmp_path: Path) -> None:
    file, cache = tmp_path / "mine.jsonl", tmp_path / "cache"
    file.write_text("".join(json.dumps(RESPONSES | {"prompt": f"p{n}", "reward_1": n}) + "\n" for n in range(2_000)))
    source = converted(file, cache)
    whole = source.files[0].read_bytes()
    for damaged in (
        whole[:-20],
        whole[:4] + b"\xff" * (len(whole) - 8) + whole[-4:],
        whole[:4] + b"\xff" * 2_000 + whole[2_004:],
    ):
        source.files[0].write_bytes(damaged)
        for asks in (
            lambda: open_dataset(source, cache, lambda done, doing: None),
            lambda: first_prompt(source, ColumnMapping()),
        ):
            with pytest.raises(SourceError) as raised:
                asks()
            assert str(raised.value).startswith(f"{file} ")
            assert str(cache) not in str(raised.value)


def test_notices_on_a_file_that_is_converted_are_of_the_file_that_was_named(tmp_path: Path) -> None:
    file, cache = tmp_path / "mine.jsonl", tmp_path / "cache"
    file.write_text(json.dumps(RESPONSES | {"prompt": None, "reward_1": 1}))
    dataset = open_dataset(converted(file, cache), cache, lambda done, doing: None)
    assert dataset.notices == ("mine.jsonl: prompts without a text: 1. They are listed with an empty prompt.",)


def converted(file: Path, cache: Path) -> Source:
    settings = Settings((str(file),), cache)
    return to_local_files(configured_sources(settings)[0], settings, lambda done, doing: None)
