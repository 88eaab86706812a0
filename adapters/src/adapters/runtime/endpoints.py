"""Which agency is connected how: the operator's file of endpoints, read once at start.

[[endpoint]]
name = "mpb-budget"          # the system's name in the directory, too
adapter = "mpb_budget"
agency_code = "1090000"      # on whose behalf it speaks
inbox = "mpb-budget/in"      # folders are relative to the settings' transport root
taken = "mpb-budget/taken"
error = "mpb-budget/error"
outbox = "mpb-budget/out"
receivers = ["*"]            # 7-character codes it delivers to; "*": all others
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One configured connection. Folders are absolute; None: that direction is not used."""

    name: str
    adapter: str
    agency_code: str
    inbox: Path | None
    taken: Path | None
    error: Path | None
    outbox: Path | None
    receivers: tuple[str, ...]
    # Prefix of names of files still being written by the sender.
    system: str

    @property
    def direction(self) -> str:
        """in, out or both."""
        return {(True, True): "both", (True, False): "in"}.get((self.inbox is not None, self.outbox is not None), "out")


class Endpoints:
    """All connections of this installation."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.all = tuple(endpoints)
        self.by_name = {endpoint.name: endpoint for endpoint in endpoints}
        self._receivers = {code: endpoint for endpoint in endpoints for code in endpoint.receivers}

    def delivering_to(self, receiver_code: str) -> Endpoint | None:
        """The connection that serves a receiver: its own, else the one for all others; None when there is none."""
        return self._receivers.get(receiver_code) or self._receivers.get("*")


def read_endpoints(path: Path, root: Path) -> Endpoints:
    """Reads the operator's file. Raises ValueError naming the entry and the key that is wrong."""
    found = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("endpoint", []), start=1):
        try:
            found.append(_endpoint(entry, root))
        except KeyError as error:
            raise ValueError(f"{path}: endpoint {number} ({entry.get('name', '?')}): key {error} is missing") from error
    names = [endpoint.name for endpoint in found]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: endpoint names must differ: {sorted(names)}")
    return Endpoints(found)


def _endpoint(entry: dict[str, object], root: Path) -> Endpoint:
    def folder(key: str) -> Path | None:
        value = entry.get(key)
        return root / str(value) if value else None

    receivers = entry.get("receivers", [])
    return Endpoint(
        name=str(entry["name"]),
        adapter=str(entry["adapter"]),
        agency_code=str(entry["agency_code"]),
        inbox=folder("inbox"),
        taken=folder("taken"),
        error=folder("error"),
        outbox=folder("outbox"),
        receivers=tuple(map(str, receivers)) if isinstance(receivers, list) else (),
        system=str(entry.get("system", entry["name"])),
    )
