"""Which mapping a connection reads and writes by: the adapter's own, or a later one that two people have put in force.

manifest text of the ``mapping`` table -> adapter. Every file keeps the version it was read with, so what another version makes
of it can be compared before it is replayed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from adapters import catalogue
from adapters.contract import Adapter
from adapters.manifest import ManifestError, read
from adapters.runtime.decoding import made
from adapters.runtime.endpoints import Endpoint
from adapters.runtime.tables import MAPPING
from chassis.actor import Actor
from chassis.db import Pool
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from chassis.uow import UnitOfWork

LARGEST = 512 * 1024
_LIVE = "SELECT version, manifest FROM mapping WHERE endpoint = $1 AND state = 'live'"
_ALL = "SELECT * FROM mapping WHERE endpoint = $1 ORDER BY version DESC"
_ONE = "SELECT * FROM mapping WHERE endpoint = $1 AND version = $2"
_LOCKED = "SELECT * FROM mapping WHERE endpoint = $1 ORDER BY version FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A version of a connection's mapping. text: empty for the one that came with the adapter."""

    adapter: str
    version: int
    text: str = ""

    def made(self) -> Adapter:
        """The adapter that works by it; one for all who ask. Raises ManifestError."""
        return made(self.adapter, self.text)


async def in_force(pool: Pool, endpoint: Endpoint) -> Mapping:
    """The mapping a connection works by now. A newer one that comes with the adapter outdoes those made here."""
    row = await pool.fetchrow(_LIVE, endpoint.name)
    return _later(endpoint, row)


async def of_version(unit: UnitOfWork, endpoint: Endpoint, version: int) -> Mapping:
    """A certain version; 0: the one in force. Raises NotFoundError mapping-version-gone."""
    if version == 0:
        rows = await unit.fetch(_LIVE, endpoint.name)
        return _later(endpoint, rows[0] if rows else None)
    if version == shipped(endpoint).version:
        return shipped(endpoint)
    for row in await unit.fetch(_ONE, endpoint.name, version):
        return Mapping(endpoint.adapter, row["version"], row["manifest"])
    raise NotFoundError("mapping-version-gone", params={"version": version, "endpoint": endpoint.name})


def shipped(endpoint: Endpoint) -> Mapping:
    """The mapping the adapter came with."""
    return Mapping(endpoint.adapter, catalogue.load(endpoint.adapter).mapping_version)


def _later(endpoint: Endpoint, row: Any) -> Mapping:
    own = shipped(endpoint)
    return Mapping(endpoint.adapter, row["version"], row["manifest"]) if row and row["version"] > own.version else own


def shipped_text(endpoint: Endpoint) -> str:
    """The text of the mapping the adapter came with."""
    return (catalogue.folder(endpoint.adapter) / catalogue.MANIFEST).read_text("utf-8")


async def versions(unit: UnitOfWork, endpoint: Endpoint) -> Sequence[Any]:
    """All versions made here, newest first."""
    return await unit.fetch(_ALL, endpoint.name)


def problems_of(adapter: str, text: str) -> tuple[str, ...]:
    """Why a text is no mapping of the adapter; empty: it can be tried. Nothing is made of a text that is too large."""
    if len(text.encode()) > LARGEST:
        return (f"at most {LARGEST} bytes",)
    return _judged(adapter, text)


@lru_cache(maxsize=32)
def _judged(adapter: str, text: str) -> tuple[str, ...]:
    try:
        made(adapter, text)
    except ManifestError as error:
        return tuple(error.problems)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError) as error:
        # What only this adapter's code needs is missing or of another kind.
        return (f"{type(error).__name__}: {error}",)
    return ()


async def propose(unit: UnitOfWork, endpoint: Endpoint, agency_id: str, text: str, note: str, actor: Actor) -> int:
    """Keeps a text for somebody else to decide on; answers its version.

    Raises InvalidError mapping-invalid, mapping-version-not-next; ConflictError mapping-proposed-already.
    """
    problems = problems_of(endpoint.adapter, text)
    if problems:
        raise InvalidError("mapping-invalid", params={"reason": "; ".join(problems)}, field="text")
    rows = await unit.fetch(_LOCKED, endpoint.name)
    if any(row["state"] == "proposed" for row in rows):
        raise ConflictError("mapping-proposed-already", params={"endpoint": endpoint.name})
    wanted = max([shipped(endpoint).version, *(row["version"] for row in rows)]) + 1
    version = read(text, endpoint.adapter).mapping_version
    if version != wanted:
        raise InvalidError("mapping-version-not-next", params={"version": version, "next": wanted}, field="text")
    unit.insert(
        MAPPING,
        {
            "endpoint": endpoint.name, "version": version, "adapter": endpoint.adapter, "agency_id": agency_id,
            "manifest": text, "note": note, "state": "proposed", "proposed_by": actor.official_id,
            "proposed_name": actor.name, "proposed_at": unit.now, "decided_by": "", "decided_name": "",
            "decided_at": None, "reason": "",
        },
    )  # fmt: skip
    return version


async def decide(unit: UnitOfWork, endpoint: Endpoint, version: int, actor: Actor, refusal: str | None) -> None:
    """Puts a proposal in force, or refuses it with a reason.

    Raises NotFoundError mapping-version-gone, ConflictError mapping-decided-already, ForbiddenError mapping-own-proposal.
    """
    rows = await unit.fetch(_LOCKED, endpoint.name)
    row = next((each for each in rows if each["version"] == version), None)
    if row is None:
        raise NotFoundError("mapping-version-gone", params={"version": version, "endpoint": endpoint.name})
    if row["state"] != "proposed":
        raise ConflictError("mapping-decided-already", params={"state": row["state"]})
    if row["proposed_by"] == actor.official_id:
        raise ForbiddenError("mapping-own-proposal")
    for other in rows:
        if refusal is None and other["state"] == "live":
            # At once: two in force at a time are one too many for the index.
            await unit.connection.execute(
                "UPDATE mapping SET state = 'superseded' WHERE endpoint = $1 AND version = $2",
                endpoint.name,
                other["version"],
            )
    unit.update(
        MAPPING,
        {
            "endpoint": endpoint.name, "version": version, "state": "live" if refusal is None else "refused",
            "decided_by": actor.official_id, "decided_name": actor.name, "decided_at": unit.now,
            "reason": refusal or "",
        },
        key=("endpoint", "version"),
    )  # fmt: skip
