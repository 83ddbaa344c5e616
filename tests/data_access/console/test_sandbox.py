"""Wall 3 where the system does not do as it is asked. No call goes to the kernel here: this process is not to be sealed."""

import ctypes
import errno
import os
from pathlib import Path

import pytest

from data_access.console import sandbox

NAMES = {444: "landlock_create_ruleset", 445: "landlock_add_rule", 446: "landlock_restrict_self"}


class Kernel:
    """What the C library gives: Landlock's version 7, unless the call of a name, the nth of it, fails with a number."""

    def __init__(self, fails: str, number: int) -> None:
        self.fails, self.number = fails, number
        self.calls: list[str] = []

    def syscall(self, number: int, *arguments: object) -> int:
        asks_version = number == sandbox.CREATE_RULESET and arguments[0] is None
        return self._given("version" if asks_version else NAMES[number], 7 if asks_version else os.dup(2))

    def prctl(self, *arguments: object) -> int:
        return self._given("prctl", 0)

    def _given(self, name: str, value: int) -> int:
        self.calls.append(name)
        if name == self.fails:
            ctypes.set_errno(self.number)
            return -1
        return value


def kernel(monkeypatch: pytest.MonkeyPatch, fails: str, number: int) -> Kernel:
    made = Kernel(fails, number)
    monkeypatch.setattr(sandbox, "_libc", lambda: made)
    monkeypatch.setattr(sandbox.sys, "platform", "linux")
    monkeypatch.setattr(sandbox, "MACHINE", ())
    return made


def test_every_call_is_made_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    made = kernel(monkeypatch, "none", 0)
    assert sandbox.see_only([str(tmp_path / "a")])
    assert made.calls == [
        "version",
        "landlock_create_ruleset",
        "landlock_add_rule",
        "prctl",
        "landlock_restrict_self",
    ]


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM])
def test_a_system_without_landlock_is_known_by_its_answer(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    made = kernel(monkeypatch, "version", number)
    assert sandbox.landlock_version() == 0
    assert not sandbox.see_only([])
    assert made.calls == ["version", "version"]


@pytest.mark.parametrize("name", ["version", *NAMES.values(), "prctl"])
def test_a_call_that_fails_where_landlock_is_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a").touch()
    kernel(monkeypatch, name, errno.EINVAL)
    called = NAMES[sandbox.CREATE_RULESET] if name == "version" else name
    with pytest.raises(OSError, match=f"{called}: Invalid argument"):
        sandbox.see_only([str(tmp_path / "a")])


def test_json_is_searched_from_the_outside_in_up_to_a_depth() -> None:
    found = sandbox._dicts({"a": [{"b": 1}, {"c": {"d": 2}}], "e": {}})
    assert list(found) == [{"a": [{"b": 1}, {"c": {"d": 2}}], "e": {}}, {"b": 1}, {"c": {"d": 2}}, {"d": 2}, {}]
    deep: object = 1
    for _ in range(sandbox.DEEPEST - 1):
        deep = [deep]
    assert list(sandbox._dicts(deep)) == []
    with pytest.raises(sandbox.RefusedError, match=r"^The query nests too deep;"):
        list(sandbox._dicts([deep]))
