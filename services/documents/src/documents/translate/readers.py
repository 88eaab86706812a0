"""Readers: what events say of them, how callers name them, and what callers are shown of readings and circulation."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from documents.domain import relating
from documents.domain.state import State
from documents.domain.visibility import RIGHTS, Basis, Bearer
from documents.translate import views
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReadersChanged
from onnara.exchange.v1 import official_document_pb2 as doc


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


def put_readers(card: pb.Document, found: Any, relations: AbstractSet[str]) -> None:
    """Adds to a card who was shown it, what it goes back to, how long it is kept, and what the caller may do about that.

    found: as ``queries.card`` reads it. relations: of the caller to the document.
    """
    card.circulation.extend(circulation(each) for each in found.circulation)
    _mark_read(card)
    card.related.extend(views.summary(each) for each in found.related)
    card.cancelled = bool(found.row["cancelled"])
    if found.row["retained_until"] is not None:
        card.retained_until = found.row["retained_until"].isoformat()
    offered = relating.possible(State(found.row["state"]), relations, cancelled=bool(found.row["cancelled"]))
    card.allowed.extend(act for act in offered if act not in card.allowed)


def _mark_read(card: pb.Document) -> None:
    """Steps behind the decision (통보, 후열) are done when their people have read it; only the circulation knows."""
    seen = {each.official_id: each.read_at for each in card.circulation if each.HasField("read_at")}
    for step in card.content.steps:
        read_at = seen.get(step.person.official_id)
        if step.role == doc.STEP_ROLE_AFTER and step.outcome == doc.STEP_OUTCOME_PENDING and read_at is not None:
            step.outcome = doc.STEP_OUTCOME_READ
            step.acted_at.CopyFrom(read_at)


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
