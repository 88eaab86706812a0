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
takes = ["RecordsHandedOver"]  # messages for a system of the agency itself

With a table ``[endpoint.sftp]`` the folders are on another machine, with ``[endpoint.database]`` there are tables in their
place, with ``[endpoint.soap]`` the system calls us or is called.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

from adapters.runtime.kinds import TAKEN
from adapters.runtime.transports.contract import Transport
from adapters.runtime.transports.folders import Folders
from adapters.runtime.transports.polledtable import LineTable, PolledTable
from adapters.runtime.transports.sftp import SftpFolders, SftpServer
from adapters.runtime.transports.soap import Account, Soap, SoapCalled, SoapServed
from adapters.runtime.transports.tables import Tables
from adapters.runtime.transports.writtentable import WrittenTable

_KEYS = frozenset({"name", "adapter", "agency_code", "receivers", "takes", "system", "sftp", "database", "soap"})
_FOLDERS = ("inbox", "taken", "error", "outbox")
_Settings = TypeVar("_Settings")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One configured connection. system: name of the client system in the directory.

    takes: names of messages for the agency's own system behind it.
    """

    name: str
    adapter: str
    agency_code: str
    transport: Transport
    receivers: tuple[str, ...]
    system: str
    takes: tuple[str, ...] = ()

    @property
    def reads(self) -> bool:
        """True when items come in here."""
        return self.transport.reads

    @property
    def writes(self) -> bool:
        """True when items go out here."""
        return self.transport.writes

    @property
    def direction(self) -> str:
        """in, out or both."""
        return {(True, True): "both", (True, False): "in"}.get((self.reads, self.writes), "out")


class Endpoints:
    """All connections of this installation."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.all = tuple(endpoints)
        self.by_name = {endpoint.name: endpoint for endpoint in endpoints}
        self._receivers = {code: endpoint for endpoint in endpoints for code in endpoint.receivers}

    def delivering_to(self, receiver_code: str) -> Endpoint | None:
        """The connection that serves a receiver: its own, else the one for all others; None when there is none."""
        return self._receivers.get(receiver_code) or self._receivers.get("*")

    def taking(self, form: str, agency_id: str, owner_of: Callable[[str], str]) -> Endpoint | None:
        """The connection to the agency's own system that takes a message; None when there is none.

        owner_of: stable id of the agency a code belongs to.
        """
        takers = (each for each in self.all if form in each.takes and each.writes)
        return next((each for each in takers if owner_of(each.agency_code) == agency_id), None)


def read_endpoints(path: Path, root: Path) -> Endpoints:
    """Reads the operator's file. Raises ValueError naming the entry and the key that is wrong."""
    found = []
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("endpoint", []), start=1):
        where = f"{path}: endpoint {number} ({entry.get('name', '?')})"
        try:
            found.append(_endpoint(entry, root))
        except KeyError as error:
            raise ValueError(f"{where}: key {error} is missing") from error
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error
    names = [endpoint.name for endpoint in found]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: endpoint names must differ: {sorted(names)}")
    return Endpoints(found)


def _endpoint(entry: Mapping[str, Any], root: Path) -> Endpoint:
    unknown = sorted(set(entry) - _KEYS - set(_FOLDERS))
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}")
    transport = _transport(entry, root)
    # What is wrong shows at the start, not when the first item comes.
    if transport.reads:
        transport.source(lambda _: True)
    receivers, takes = entry.get("receivers", []), entry.get("takes", [])
    strange = sorted(set(takes) - TAKEN)
    if strange:
        raise ValueError(f"takes: unknown message {strange[0]!r}")
    return Endpoint(
        name=str(entry["name"]),
        adapter=str(entry["adapter"]),
        agency_code=str(entry["agency_code"]),
        transport=transport,
        receivers=tuple(map(str, receivers)) if isinstance(receivers, list) else (),
        system=str(entry.get("system", entry["name"])),
        takes=tuple(map(str, takes)),
    )


def _transport(entry: Mapping[str, Any], root: Path) -> Transport:
    named = {key: str(entry[key]) for key in _FOLDERS if entry.get(key)}
    if "database" in entry:
        if named or "sftp" in entry:
            raise ValueError("a database has neither folders nor sftp beside it")
        return _tables(entry["database"], root)
    if "soap" in entry:
        return _soap(entry["soap"], Folders(**{key: root / folder for key, folder in named.items()}), root)
    if "sftp" in entry:
        return SftpFolders(_settings(SftpServer, entry["sftp"], "sftp", root), **named)
    return Folders(**{key: root / folder for key, folder in named.items()})


def _tables(entry: Mapping[str, Any], root: Path) -> Tables:
    rest = {key: value for key, value in entry.items() if key not in {"polled", "written"}}
    tables: Tables = _settings(Tables, rest, "database", root)
    polled, written = entry.get("polled"), entry.get("written")
    return Tables(
        tables.url_file,
        _settings(PolledTable, _with_lines(polled, root), "database.polled", root) if polled else None,
        _settings(WrittenTable, written, "database.written", root) if written else None,
        tables.seconds,
    )


def _with_lines(entry: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """The polled table with the tables below it in place of the tables of the file that describe them."""
    made = dict(entry)
    if "lines" in made:
        made["lines"] = [_settings(LineTable, each, "database.polled.lines", root) for each in made["lines"]]
    return made


def _soap(entry: Mapping[str, Any], folders: Folders, root: Path) -> Soap:
    unknown = sorted(set(entry) - {"served", "called"})
    if unknown:
        raise ValueError(f"unknown key soap.{unknown[0]}")
    served, called = entry.get("served"), entry.get("called")
    return Soap(
        folders,
        _settings(SoapServed, _with_account(served, "caller", "soap.served", root), "soap.served", root)
        if served
        else None,
        _settings(SoapCalled, _with_account(called, "account", "soap.called", root), "soap.called", root)
        if called
        else None,
    )


def _with_account(entry: Mapping[str, Any], key: str, where: str, root: Path) -> dict[str, Any]:
    """The table with its account in place of the table that describes one."""
    made = dict(entry)
    if key in made:
        made[key] = _settings(Account, made[key], f"{where}.{key}", root)
    return made


def _settings(kind: Callable[..., _Settings], entry: Mapping[str, Any], where: str, root: Path) -> _Settings:
    """A table of the file as the settings it stands for; files are relative to the root, lists become tuples."""
    known = {name: str(each.annotation) for name, each in signature(kind).parameters.items()}
    unknown = sorted(set(entry) - set(known))
    if unknown:
        raise ValueError(f"unknown key {where}.{unknown[0]}")
    values = {
        key: root / value if "Path" in known[key] else tuple(value) if isinstance(value, list) else value
        for key, value in entry.items()
    }
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{where}: {str(error).partition('__init__() ')[2]}") from error
