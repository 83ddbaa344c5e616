"""What is installed is what was pinned: every file of every release by its hash, from whichever index."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from sys import stdlib_module_names

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DIRECT = PROJECT["project"]["dependencies"]
# What others load by its name: SQLAlchemy its driver, Streamlit what it signs in by.
LOADED_BY_NAME = {"authlib", "psycopg", "psycopg-binary"}
# What the app runs without: who prepares on a cluster installs it.
OPTIONAL = {"ray"}
OWN = {"app", "command", "pages", "charts", "data_access"}


def pinned(file: str) -> dict[str, str]:
    """Version by name; each has at least one hash."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert all(re.search(r" --hash=sha256:[0-9a-f]{64}\b", line) for line in requirements)
    return versions([line.split()[0] for line in requirements])


def versions(requirements: list[str]) -> dict[str, str]:
    """Of lines such as 'ray==2.60.0; python_version < "3.14"'."""
    pairs = (line.partition(";")[0].strip().split("==") for line in requirements)
    return {normalised(name): version for name, version in pairs}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_files_name_no_index(file: str) -> None:
    assert not re.search(r"index-url|find-links|https?://", (ROOT / file).read_text(encoding="utf-8"))


def test_the_direct_dependencies_are_pinned_as_the_project_names_them() -> None:
    """Else: `make requirements`."""
    runtime, development = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert versions(DIRECT).items() <= runtime.items()
    assert runtime.items() <= development.items()
    assert versions(PROJECT["dependency-groups"]["dev"]).items() <= development.items()


def test_the_project_names_what_it_imports_and_nothing_else() -> None:
    files = [ROOT / "app.py", ROOT / "command.py"]
    files += [file for name in ("pages", "charts", "data_access") for file in (ROOT / name).rglob("*.py")]
    imported = set[str]()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    tops = {name.partition(".")[0] for name in imported} - OWN - OPTIONAL - stdlib_module_names
    distributions = packages_distributions()
    named = {normalised(name) for top in tops for name in distributions[top]}
    assert named | LOADED_BY_NAME == set(versions(DIRECT))
