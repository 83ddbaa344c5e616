"""What the documents for developers name is there: files, names in them, commands, import contracts."""

import re
import tomllib
from pathlib import Path

import pytest

from data_access.version import VERSION

ROOT = Path(__file__).parents[1]
SHOWN = ("docs/reliability.md", "docs/security.md")  # each row is shown by a test
DOCUMENTS = ("CONTRIBUTING.md", "docs/architecture.md", "docs/deploy.md", "docs/layouts.md", *SHOWN)
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/|(?:[\w.-]+/)*[\w-]+\.(?:css|js|json|md|png|py|sql|toml|txt)")
LINK = re.compile(r"\]\((?!http)([^)#]*)(?:#([^)]+))?\)")
THEIRS = {"rewardscope.toml", "dist/bill-of-materials.json"}  # a user's file, beside the data; what make writes


def prose(document: str) -> str:
    """The document without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```$", "", TEXTS[document], flags=re.DOTALL | re.MULTILINE)


def commands(document: str) -> list[str]:
    """The lines of its blocks of shell commands, without comments."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", TEXTS[document], re.DOTALL | re.MULTILINE)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def headings(file: Path) -> set[str]:
    """The anchors of a document's headings."""
    found = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_folder_that_a_document_names_is_there(document: str) -> None:
    named = {path for path in IN_BACKTICKS.findall(prose(document)) if PATH.fullmatch(path)} - THEIRS
    assert len(named) >= 5
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_says_is_in_a_file_is_in_it(document: str) -> None:
    said = re.findall(r"`(\w+)`\s+in\s+`([^`\n]+\.\w+)`", prose(document))
    assert said
    missing = [
        (name, file) for name, file in said if not re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert missing == []


@pytest.mark.parametrize("document", [*DOCUMENTS, "README.md"])
def test_every_link_of_a_document_leads_to_a_file_and_its_heading(document: str) -> None:
    for path, anchor in LINK.findall((ROOT / document).read_text(encoding="utf-8")):
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), path
        assert not anchor or anchor in headings(target), f"{path}#{anchor}"


@pytest.mark.parametrize("document", SHOWN)
def test_every_test_and_command_that_a_document_names_is_there(document: str) -> None:
    quoted = IN_BACKTICKS.findall(TEXTS[document])
    tests = [one.split("::") for one in quoted if "::" in one]
    assert len(tests) > 20
    missing = [
        name for file, name in tests if not re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]
    assert missing == []
    modules = {one.split()[2] for one in quoted if one.startswith("python -m ")}
    assert [name for name in modules if not (ROOT / f"{name.replace('.', '/')}.py").exists()] == []


def test_every_command_is_a_target_of_make_or_one_that_make_or_a_test_runs() -> None:
    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    found = commands("CONTRIBUTING.md")
    assert len(found) > 5
    for line in found:
        program, *arguments = line.split()
        if program == "make":
            target, *variables = arguments
            assert target in targets, line
            assert all(f"$({name})" in MAKEFILE or f"$(if $({name})" in MAKEFILE for name in names(variables)), line
        else:
            assert f"$(IN_VENV)/{program.removeprefix('.venv/bin/')} " in MAKEFILE, line
            assert all((ROOT / path).exists() for path in arguments if path.endswith(".py")), line


def names(variables: list[str]) -> list[str]:
    """What is set by arguments such as PORT=8599."""
    return [variable.partition("=")[0] for variable in variables]


def test_the_wheel_is_built_as_its_test_builds_it() -> None:
    (line,) = (line for line in commands("CONTRIBUTING.md") if " wheel " in line)
    tested = (ROOT / "tests/e2e/test_installed.py").read_text(encoding="utf-8")
    assert re.findall(r"wheel|--[a-z-]+", line) == ["wheel", "--no-deps", "--wheel-dir"]
    assert '"wheel", "--no-deps", "--wheel-dir"' in tested


def test_the_architecture_names_every_room_and_every_import_contract() -> None:
    text = TEXTS["docs/architecture.md"]
    rooms = {file.parent.name for file in (ROOT / "data_access").glob("*/__init__.py")}
    assert {room for room in rooms if f"`data_access/{room}/`" not in text} == set()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [contract["name"] for contract in project["tool"]["importlinter"]["contracts"]]
    assert [name for name in contracts if name not in " ".join(text.split())] == []


def test_the_changelog_begins_with_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (latest,) = re.findall(r"^## (\S+)", changelog, re.MULTILINE)[:1]
    assert latest == VERSION
