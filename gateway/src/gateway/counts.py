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
    """One box: its name in addresses, its title, how many; count None: unknown just now. alarm: a number above 0 needs somebody."""

    name: str
    title: str
    address: str
    count: int | None
    alarm: bool = False


async def box_counts(page: Page) -> list[BoxCount]:
    """All boxes in the order of the menu."""
    caller, clients = page.caller, page.site.clients
    approval, documents = await asyncio.gather(
        _or_none(caller.call(clients.approval.CountBoxes, approval_pb.CountBoxesRequest())),
        _or_none(caller.call(clients.documents.CountBoxes, documents_pb.CountBoxesRequest())),
    )

    def box(name: str, title: str, source: Any, field: str, *, alarm: bool = False) -> BoxCount:
        address = "/" if name == "pending" else f"/boxes/{name}"
        return BoxCount(name, page.reader.text(title), address, getattr(source, field) if source else None, alarm)

    return [
        box("pending", marked("Waiting for my decision"), approval, "pending"),
        box("in-progress", marked("Under way"), documents, "in_progress"),
        box("returned", marked("Returned"), documents, "returned"),
        box("drafts", marked("My drafts"), documents, "drafts"),
        box("registered", marked("Registered documents"), documents, "registered"),
        box("sent", marked("Sent documents"), documents, "sent"),
        box("arrived", marked("Arrived documents"), documents, "arrived"),
        box("trouble", marked("Delivery trouble"), documents, "delivery_trouble", alarm=True),
    ]


async def _or_none(call: Any) -> Any:
    try:
        return await call
    except OnnaraError:
        return None
