"""What pip installs, made smaller for the image, and told by package.

python deploy/slim.py --sizes           MB by package of the environment that runs this, of what requirements.txt names
python deploy/slim.py VENV              removes from an environment what the app never loads; needs `strip` of binutils
python deploy/slim.py VENV --compile    bytecode of what the app imports, and of the app itself
"""

import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

# Patterns in site-packages, each with why nobody misses it.
UNUSED = {
    "the libraries' own tests": (
        "**/tests",
        "**/test",
        "sqlalchemy/testing",
        "numpy/_core/_simd.*.so",
        "pyarrow/*_tests.*.so",
    ),
    "Arrow's RPC": ("pyarrow/*_flight*",),
    "the same library under other names, for those who link to it": (
        "pyarrow/libarrow_python.so",
        "pyarrow/libarrow_python.so.*.*.*",
        "pyarrow/libarrow_python_*.so.*.*.*",
    ),
    "what other packages are compiled with": (
        "pyarrow/include",
        "pyarrow/src",
        "numpy/f2py",
        "numpy/distutils",
        *(f"**/*.{ending}" for ending in ("pxd", "pyx", "pxi", "h", "hpp", "a", "c", "cc", "pyi")),
    ),
    "pictures of source code for debuggers of scripts": ("**/*.map",),
    "a format of pictures that nothing here reads or writes, and drawing letters into them": (
        "pillow.libs/libavif*",
        "PIL/_avif*",
        "pillow.libs/libharfbuzz*",
        "pillow.libs/libfreetype*",
        "PIL/_imagingft*",
    ),
    "maps in notebooks": ("pydeck/nbextension",),
    "guides for who writes pages, ornaments, letters that no theme of ours has": (
        "streamlit/.agents",
        *(
            f"streamlit/static/static/media/{name}*"
            for name in ("balloon", "fireworks", "flake", "snow", "SourceSerif")
        ),
    ),
    "bytecode; --compile makes that of what is imported": ("**/__pycache__",),
}
# Streamlit's elements that no page shows, by the scripts that its frontend loads for them.
ELEMENTS = ("DeckGlJsonChart", "EChartsChart", "GraphVizChart", "MermaidChart", "PlotlyChart")
# Packages whose libraries can be made smaller: those of others were changed after linking, which `strip` does not survive.
STRIPPED = ("pyarrow", "cryptography", "hf_xet", "sqlalchemy", "yaml", "rpds")
# What is imported when it is needed only: pictures, databases, logins, the Hub, the web server's parts.
LATER = (
    "alembic.command, alembic.config, authlib.integrations.starlette_client, huggingface_hub.hf_api, PIL.Image, psycopg, "
    "pyarrow._s3fs, rapidfuzz.distance, sqlalchemy.dialects.postgresql.psycopg, sqlalchemy.dialects.sqlite, "
    "streamlit.web.bootstrap, streamlit.web.cli, uvicorn.lifespan.on, uvicorn.loops.auto, uvicorn.protocols.http.auto, "
    "uvicorn.protocols.websockets.websockets_sansio_impl, vl_convert"
)
IMPORTED = f"""
import app, {LATER}
from pathlib import Path
from streamlit.testing.v1 import AppTest
page = AppTest.from_file(Path("pages/frame.py").resolve()).run(timeout=120)
assert not page.exception and "Overview" in page.title[0].value, page
"""


def slim(venv: Path, packages: Path) -> None:
    """Remove what is unused, and the symbols that only debuggers read."""
    print(f"{size(venv / 'share'):7.1f} MB less: extensions of notebooks")
    shutil.rmtree(venv / "share")
    for why, patterns in UNUSED.items():
        before = size(packages)
        for pattern in patterns:
            for path in [*packages.glob(pattern)]:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        print(f"{before - size(packages):7.1f} MB less: {why}")
    before = size(packages)
    for script in unused_scripts(packages / "streamlit/static"):
        script.unlink()
    print(f"{before - size(packages):7.1f} MB less: scripts of elements that no page shows")
    before = size(packages)
    for library in (file for name in STRIPPED for file in packages.glob(f"{name}/**/*.so*")):
        subprocess.run(["strip", "--strip-unneeded", str(library)], check=True)
    print(f"{before - size(packages):7.1f} MB less: symbols that only debuggers read")


def unused_scripts(static: Path) -> set[Path]:
    """The scripts of ELEMENTS, and those that the frontend's page reaches through them only: each names what it loads."""
    scripts = {path.name: path for path in static.glob("static/js/*.js")}
    unused, to_read = set(scripts), [static / "index.html"]
    while to_read:
        found = unused.intersection(re.findall(r"[\w.-]+\.js", to_read.pop().read_text(encoding="utf-8")))
        used = {name for name in found if not name.startswith(ELEMENTS)}
        unused -= used
        to_read += [scripts[name] for name in used]
    assert len(unused) < len(scripts) / 2, "The frontend names its scripts in another way."
    return {scripts[name] for name in unused}


def compile_imported(venv: Path, packages: Path) -> None:
    """In the app's folder: its bytecode, and that of all that it imports on its first page."""
    before = size(packages)
    assert compileall.compile_dir(".", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        own = {"REWARDSCOPE_CACHE": folder, "REWARDSCOPE_JUDGEMENTS": f"{folder}/judgements.sqlite", "PYTHONPATH": "."}
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        subprocess.run(
            [str(venv / "bin" / "python"), "-c", IMPORTED], env=kept | own, check=True, stderr=subprocess.DEVNULL
        )
    print(f"{size(packages) - before:7.1f} MB more: bytecode of what is imported")


def sizes(packages: list[str], required: set[str]) -> Iterator[tuple[float, str]]:
    """MB and name of each of the required packages that are installed there, the largest first."""
    found = []
    for package in distributions(path=packages):
        name = re.sub(r"[-_.]+", "-", package.name).lower()
        if name in required:
            files = {Path(str(package.locate_file(file))).resolve() for file in package.files or ()}
            found.append((sum(file.stat().st_size for file in files if file.is_file()) / 1e6, name))
    yield from sorted(found, reverse=True)


def tell(packages: list[str]) -> None:
    text = Path("requirements.txt").read_text(encoding="utf-8")
    required = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    found = [*sizes(packages, required)]
    for megabytes, name in found:
        if megabytes >= 1:
            print(f"{megabytes:7.1f} MB  {name}")
    small = [megabytes for megabytes, _ in found if megabytes < 1]
    print(f"{sum(small):7.1f} MB  {len(small)} others")
    print(f"{sum(megabytes for megabytes, _ in found):7.1f} MB  all of requirements.txt")


def size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()) / 1e6


def main(arguments: list[str]) -> None:
    if arguments == ["--sizes"]:
        tell(sys.path)
        return
    venv = Path(arguments[0])
    (packages,) = venv.glob("lib/python*/site-packages")
    if "--compile" in arguments:
        compile_imported(venv, packages)
    else:
        tell([str(packages)])
        slim(venv, packages)
    tell([str(packages)])


if __name__ == "__main__":
    main(sys.argv[1:])
