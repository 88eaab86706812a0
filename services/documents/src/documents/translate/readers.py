"""Readers: what events say of them, how callers name them, and what callers are shown of readings and circulation."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from documents.domain.visibility import RIGHTS, Basis, Bearer
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReadersChanged


def readers_changed(document_id: UUID, act: str, bearers: Iterable[Bearer]) -> ReadersChanged:
    """Somebody was given or lost the right to read. act: circulate, inform, confirm, grant, revoke, limit."""
    return ReadersChanged(document_id=str(document_id), act=act, tokens=sorted({bearer.token for bearer in bearers}))


def right_of(bases: Iterable[str]) -> str:
    """The strongest right among those the reader has, as a list of readings names it; empty: none."""
    found = [basis for basis in Basis if basis.value in set(bases)]
    return RIGHTS[found[0]] if found else ""


def reading(row: Mapping[str, Any]) -> pb.Reading:
    """One reading, or an attempt."""
    shown = pb.Reading(
        official_id=row["official_id"],
        name=row["reader_name"],
        agency_id=row["reader_agency"],
        agency_name=row["agency_name"],
        department_name=row["department_name"],
        right=row["basis"],
        allowed=row["allowed"],
        what=row["what"],
    )
    shown.read_at.FromDatetime(row["read_at"])
    return shown


def circulation(row: Mapping[str, Any]) -> pb.CirculationView:
    """One reader of a circulation."""
    shown = pb.CirculationView(
        official_id=row["official_id"],
        name=row["name"],
        position=row["position"],
        department_name=row["department_name"],
        kind=row["kind"],
    )
    shown.asked_at.FromDatetime(row["asked_at"])
    if row["read_at"] is not None:
        shown.read_at.FromDatetime(row["read_at"])
    return shown
