"""One file of a dataset of the hub, such as a reward model's published scores."""

from pathlib import Path

from data_access.opening.hub.names import PREFIX, HubName


def local_file(address: str) -> Path:
    """A path as it is; the file that `hf:owner/name/path` names in the hub client's cache, downloaded where it is not there.

    Raises SourceError or StorageError, with what to do, for what cannot be fetched.
    """
    if not address.startswith(PREFIX):
        return Path(address)
    # Here, not above, for the sake of a server's start: see `located`.
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    from data_access.opening.hub.repository import explained  # noqa: PLC0415

    owner, name, path = address.removeprefix(PREFIX).split("/", 2)
    wanted = HubName(f"{owner}/{name}")
    with explained(wanted, with_token=True):
        return Path(hf_hub_download(wanted.repository, path, repo_type="dataset"))
