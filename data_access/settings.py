"""The settings of a server: read from the environment, in this one place, and checked at start.

Not pydantic-settings: it lets a misspelt REWARDSCOPE_ variable pass, sizes and lists would stay validators of our own, and its
errors are no sentences for an operator; it would bring six packages for a hundred lines.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from data_access.errors import SettingError
from data_access.stores import place

PREFIX = "REWARDSCOPE_"
NAMES = {
    "REWARDSCOPE_DATA": "what is offered: 'sample', a file, a folder, a glob or hf:owner/name; several separated by commas; "
    "'A + B' adds B's rewards to A's candidates",
    "REWARDSCOPE_OPEN": "what else viewers may open or correct, separated by commas: hub, private, paths, upload, columns; "
    "or none",
    "REWARDSCOPE_HUB": "'off' never contacts the Hugging Face Hub",
    "REWARDSCOPE_UPLOAD_LIMIT": "the largest file that may be uploaded",
    "REWARDSCOPE_CACHE": "the folder for prepared files, conversions, uploads and exports",
    "REWARDSCOPE_PREPARED": "where prepared datasets lie that somebody made ahead: a folder, or s3://bucket/prefix",
    "REWARDSCOPE_CACHE_LIMIT": "how large that folder and the downloads from the Hub may grow together",
    "REWARDSCOPE_REWARDBENCH_SCORES": "a reward model's published RewardBench scores: a JSON file of eval-set-scores/, or "
    "hf:owner/name/path of one",
    "REWARDSCOPE_SQL": "'off' removes the SQL console",
    "REWARDSCOPE_JUDGEMENTS": "where judgements, blind answers and reports are kept: an SQLite file, or "
    "postgresql://user:password@host/database; 'off' keeps none",
    "REWARDSCOPE_LOGIN": "'on' shows nothing before a viewer is signed in with the login that is set up",
    "REWARDSCOPE_EMBED_IN": "pages that may show the app in a frame: their origins, such as https://wiki.example.org, "
    "separated by spaces or commas",
}
OPENABLE = ("hub", "private", "paths", "upload", "columns")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN = re.compile(
    rf"(?:https://{_LABEL}(?:\.{_LABEL})*|http://(?:localhost|127\.0\.0\.1))(?::\d{{1,5}})?", re.IGNORECASE
)
UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True)
class Settings:
    """What the operator chose. `data` holds at least one entry; `cache` need not exist, or be writable; limits in bytes.

    `opens` is what a viewer may name: 'hub', public datasets of the hub, for which the server's token is not used;
    'private', any that its token may read; 'paths', every file that the server may read; 'upload', their own files.
    """

    data: tuple[str, ...]
    cache: Path
    opens: frozenset[str] = frozenset({"hub", "columns"})
    hub: bool = True
    upload_limit: int = 200 * UNITS["MB"]
    cache_limit: int = 20 * UNITS["GB"]
    rewardbench_scores: str = ""
    sql: bool = True
    judgements: str = ""  # a file or an address of a database; '' where none are kept
    login: bool = False
    embed_in: tuple[str, ...] = ()
    prepared: Path | None = None  # where others have put prepared datasets, if anywhere

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read REWARDSCOPE_* variables; raise SettingError for one that we do not know or cannot use."""
        unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in NAMES)
        if unknown:
            raise SettingError(f"{unknown[0]} is not a setting of Rewardscope. The settings are {', '.join(NAMES)}.")
        entries = tuple(entry.strip() for entry in environment.get("REWARDSCOPE_DATA", "sample").split(","))
        if not all(entries):
            raise SettingError(
                "REWARDSCOPE_DATA has an empty entry. Give 'sample' or paths separated by single commas."
            )
        cache = environment.get("REWARDSCOPE_CACHE", "").strip()
        folder = Path(cache).expanduser().absolute() if cache else user_cache_path("rewardscope")
        if folder.is_file():
            raise SettingError(f"REWARDSCOPE_CACHE names the file {folder}. Give a folder.")
        hub = _is_on(environment, "REWARDSCOPE_HUB")
        return cls(
            data=tuple(dict.fromkeys(entries)),
            cache=folder,
            opens=_opens(environment.get("REWARDSCOPE_OPEN", "hub,columns")) - (set() if hub else {"hub", "private"}),
            hub=hub,
            upload_limit=_size(environment, "REWARDSCOPE_UPLOAD_LIMIT", cls.upload_limit),
            cache_limit=_size(environment, "REWARDSCOPE_CACHE_LIMIT", cls.cache_limit),
            rewardbench_scores=_scores(environment.get("REWARDSCOPE_REWARDBENCH_SCORES", "").strip(), hub),
            sql=_is_on(environment, "REWARDSCOPE_SQL"),
            judgements=_judgements(environment.get("REWARDSCOPE_JUDGEMENTS", "").strip()),
            login=_is_on(environment, "REWARDSCOPE_LOGIN", "off"),
            embed_in=_origins(environment.get("REWARDSCOPE_EMBED_IN", "")),
            prepared=place(prepared) if (prepared := environment.get("REWARDSCOPE_PREPARED", "").strip()) else None,
        )

    def in_words(self) -> dict[str, str]:
        """For the log: without what may be secret, such as where a database is and its password."""
        place = (
            self.judgements.partition("://")[0] if "://" in self.judgements else "sqlite" if self.judgements else "off"
        )
        return {
            "data": ",".join(self.data),
            "cache": str(self.cache),
            "opens": ",".join(sorted(self.opens)) or "none",
            "hub": _on_off(self.hub),
            "sql": _on_off(self.sql),
            "judgements": place,
            "login": _on_off(self.login),
            "embed_in": ",".join(self.embed_in) or "none",
            "upload_limit": f"{self.upload_limit // UNITS['MB']}MB",
            "cache_limit": f"{self.cache_limit // UNITS['MB']}MB",
        }


def _on_off(is_on: bool) -> str:
    return "on" if is_on else "off"


def _scores(written: str, hub: bool) -> str:
    name = "REWARDSCOPE_REWARDBENCH_SCORES"
    if not written.startswith("hf:"):
        file = Path(written).expanduser().absolute()
        if written and not file.is_file():
            raise SettingError(f"{name} names {file}, which is not a file. Give a JSON file.")
        return str(file) if written else ""
    if not re.fullmatch(r"hf:[\w.-]+/[\w.-]+/[\w./-]+\.json", written):
        raise SettingError(f"{name} is {written!r}. Give a JSON file, or hf:owner/name/path.json.")
    if not hub:
        raise SettingError(
            f"{name} names a file on the Hub, which REWARDSCOPE_HUB=off never contacts. Give a JSON file."
        )
    return written


def _judgements(written: str) -> str:
    """Not in the cache, whose folder is trimmed: what people wrote cannot be made again."""
    if written.lower() == "off":
        return ""
    if "://" in written:
        if not written.startswith(("postgresql://", "postgres://")):
            raise SettingError(
                f"REWARDSCOPE_JUDGEMENTS names a database of the kind {written.partition('://')[0]!r}. "
                "Give postgresql://user:password@host/database, the path of an SQLite file, or off."
            )
        return written
    file = Path(written).expanduser().absolute() if written else user_data_path("rewardscope") / "judgements.sqlite"
    if file.is_dir():
        raise SettingError(
            f"REWARDSCOPE_JUDGEMENTS names the folder {file}. Give a file in it, such as judgements.sqlite."
        )
    return str(file)


def _origins(listed: str) -> tuple[str, ...]:
    """They go into a header as they are: so nothing but what an origin may be made of."""
    found = listed.replace(",", " ").split()
    for origin in found:
        if not ORIGIN.fullmatch(origin):
            raise SettingError(
                f"REWARDSCOPE_EMBED_IN has {origin!r}. Give origins such as https://wiki.example.org: "
                "https, a name, a port if need be, and no path."
            )
    return tuple(dict.fromkeys(origin.lower() for origin in found))


def _is_on(environment: Mapping[str, str], name: str, otherwise: str = "on") -> bool:
    written = environment.get(name, "").strip().lower() or otherwise
    if written not in ("on", "off"):
        raise SettingError(f"{name} is {written!r}. Give 'on' or 'off'.")
    return written == "on"


def _opens(listed: str) -> frozenset[str]:
    words = {word.strip().lower() for word in listed.split(",")} - {"", "none"}
    if unknown := sorted(words.difference(OPENABLE)):
        raise SettingError(f"REWARDSCOPE_OPEN has {unknown[0]!r}. Give none, or some of {', '.join(OPENABLE)}.")
    return frozenset(words | ({"hub"} if "private" in words else set()))


def _size(environment: Mapping[str, str], name: str, default: int) -> int:
    written = environment.get(name, "").strip()
    if not written:
        return default
    match = re.fullmatch(r"(\d{1,6}(?:\.\d+)?) ?([MGT]B)", written.upper())
    if not match:
        raise SettingError(f"{name} is {written!r}. Give a size such as 500 MB or 20 GB.")
    return int(float(match[1]) * UNITS[match[2]])
