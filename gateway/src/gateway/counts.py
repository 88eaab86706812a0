"""The numbers at the boxes. Two services answer for them; when one is away, its numbers are unknown and the rest stands."""

import asyncio
from dataclasses import dataclass
from typing import Any

from chassis.errors import OnnaraError
from gateway.i18n import marked
from gateway.page import Page
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.documents.v1 import documents_service_pb2 as documents_pb


@dataclass(frozen=True, slots=True)
class BoxCount:
    """One box: its name in addresses, its title, how many; count None: unknown just now.

    alarm: a number above 0 needs somebody. group: heading of the menu it stands under. role: shown to holders of it only.
    tile: shown on the home page even when it is empty.
    """

    name: str
    title: str
    address: str
    count: int | None
    alarm: bool = False
    group: str = ""
    tile: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One box of the menu. field: of the counting service's answer. of_lines: approval counts it."""

    group: str
    name: str
    title: str
    field: str
    address: str = ""
    of_lines: bool = False
    alarm: bool = False
    tile: bool = False
    roles: frozenset[str] = frozenset()


_APPROVAL, _RECEIVING, _SENDING = marked("Approval"), marked("Receiving"), marked("Sending")
_CLERKS = frozenset({"clerk", "records"})
_ROWS = (
    _Row(_APPROVAL, "pending", marked("Waiting for my decision"), "pending", "/", of_lines=True, tile=True),
    _Row(_APPROVAL, "acting", marked("Waiting for those I stand in for"), "acting", "/?box=acting", of_lines=True),
    _Row(_APPROVAL, "department", marked("Waiting for my department"), "department", "/?box=department", of_lines=True),
    _Row(_APPROVAL, "in-progress", marked("Under way"), "in_progress", tile=True),
    _Row(_APPROVAL, "returned", marked("Returned"), "returned", tile=True),
    _Row(_APPROVAL, "drafts", marked("My drafts"), "drafts", tile=True),
    _Row(_APPROVAL, "to-read", marked("To read"), "to_read", tile=True),
    _Row(_RECEIVING, "arrived", marked("Arrived documents"), "arrived", roles=_CLERKS, tile=True),
    _Row(_RECEIVING, "to-accept", marked("To accept"), "to_accept", tile=True),
    _Row(_RECEIVING, "to-assign", marked("Nobody in charge"), "to_assign"),
    _Row(_RECEIVING, "in-charge", marked("I am in charge"), "in_charge", tile=True),
    _Row(_RECEIVING, "received", marked("Accepted documents"), "received"),
    _Row(_SENDING, "send-wait", marked("To send"), "send_wait", tile=True),
    _Row(_SENDING, "seal-review", marked("To seal"), "seal_review", roles=frozenset({"seal-keeper"}), tile=True),
    _Row(_SENDING, "recipients-asked", marked("Recipients to agree to"), "recipients_asked"),
    _Row(_SENDING, "sent", marked("Sent documents"), "sent"),
    _Row(
        _SENDING, "trouble", marked("Delivery trouble"), "delivery_trouble", "/dispatch?settle=1", alarm=True, tile=True
    ),
    _Row(_SENDING, "registered", marked("Registered documents"), "registered", tile=True),
)


async def box_counts(page: Page) -> list[BoxCount]:
    """All boxes in the order of the menu."""
    caller, clients = page.caller, page.site.clients
    approval, documents = await asyncio.gather(
        _or_none(caller.call(clients.approval.CountBoxes, approval_pb.CountBoxesRequest())),
        _or_none(caller.call(clients.documents.CountBoxes, documents_pb.CountBoxesRequest())),
    )

    roles = frozenset(page.session.capacity.roles if page.session.capacity else ())

    def count(source: Any, field: str) -> int | None:
        return getattr(source, field) if source else None

    return [
        BoxCount(
            row.name,
            page.reader.text(row.title),
            row.address or f"/boxes/{row.name}",
            count(approval if row.of_lines else documents, row.field),
            row.alarm,
            page.reader.text(row.group),
            row.tile,
        )
        for row in _ROWS
        if not row.roles or row.roles & roles
    ]


async def _or_none(call: Any) -> Any:
    try:
        return await call
    except OnnaraError:
        return None
