"""How a dataset of the hub is named: `hf:owner/name[@revision][?config=…&split=…]`, or by its web address."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from data_access.errors import SourceError

PREFIX = "hf:"
HOSTS = ("huggingface.co", "www.huggingface.co", "hf.co")
REPOSITORY = re.compile(r"(?:\w[\w.-]{0,95}/)?\w[\w.-]{0,95}", re.ASCII)
REVISION = re.compile(r"\w[\w./+-]{0,199}", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{40}")
HOW = (
    "Write hf:owner/name, hf:owner/name@revision or hf:owner/name?config=…&split=…, or give the dataset's web address."
)


@dataclass(frozen=True)
class HubName:
    """What is asked of the hub; where revision, config or split are None, the default one is taken."""

    repository: str
    revision: str | None = None
    config: str | None = None
    split: str | None = None

    def __str__(self) -> str:
        revision = f"@{self.revision}" if self.revision else ""
        asked = {name: value for name, value in (("config", self.config), ("split", self.split)) if value}
        return f"{PREFIX}{self.repository}{revision}" + (f"?{urlencode(asked)}" if asked else "")


def is_hub_name(entry: str) -> bool:
    """Whether an entry is meant for the hub, well formed or not."""
    return entry.startswith((PREFIX, "http://", "https://"))


def is_plain_name(typed: str) -> bool:
    """Whether somebody typed `owner/name` as the hub's pages show it, with or without what may stand behind it."""
    name = re.split("[@?]", typed, maxsplit=1)[0]
    return "/" in name and REPOSITORY.fullmatch(name) is not None


def parse_hub_name(entry: str) -> HubName:
    """What an entry asks for; raises SourceError with the ways in which it can be written."""
    if entry.startswith(PREFIX):
        named, _, query = entry.removeprefix(PREFIX).removeprefix("//").removeprefix("datasets/").partition("?")
        repository, _, revision = named.strip("/ ").partition("@")
        asked = parse_qs(query)
        found = HubName(repository, revision or None, *(asked.get(name, [None])[0] for name in ("config", "split")))
    else:
        found = _of_web_address(entry)
    is_name = REPOSITORY.fullmatch(found.repository) and not re.search(r"--|\.\.", found.repository)
    is_revision = not found.revision or (REVISION.fullmatch(found.revision) and ".." not in found.revision)
    if not is_name or not is_revision:
        raise SourceError(f"{entry} is not the name of a dataset on the Hub. {HOW}")
    return found


def _of_web_address(address: str) -> HubName:
    """`https://huggingface.co/datasets/owner/name`, and with `/tree/revision` or `/viewer/config/split` behind it."""
    parts = urlsplit(address)
    path = [unquote(part) for part in parts.path.split("/") if part]
    if parts.hostname not in HOSTS or path[:1] != ["datasets"]:
        raise SourceError(
            f"{address} is not the address of a dataset on the Hub (https://{HOSTS[0]}/datasets/…). {HOW}"
        )
    for place, part in enumerate(path[2:4], 2):
        if part == "tree" and len(path) > place + 1:
            return HubName("/".join(path[1:place]), "/".join(path[place + 1 :]))
        if part == "viewer":
            config, split = [*path[place + 1 :], "", ""][:2]
            return HubName("/".join(path[1:place]), None, config or None, split or None)
    return HubName("/".join(path[1:]))
