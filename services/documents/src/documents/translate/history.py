"""The journal of a document as its readers see it: who did what, on which article, with values for the sentence, never content."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from documents.domain import dispatching, handing, produced, receiving, relating
from documents.translate.views import actor
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1 import events_pb2 as own

_TABLES = {
    "ReceiptProgressed": receiving.TABLE,
    "DispatchProgressed": dispatching.TABLE,
    "ReadersChanged": relating.TABLE,
    "RegistrationChanged": relating.TABLE,
    "RecordProgressed": handing.TABLE,
}
ARTICLES: Mapping[tuple[str, str], str] = {
    (name, row.act): row.article
    for name, table in {**_TABLES, "DocumentReceived": receiving.TABLE, "": produced.TABLE}.items()
    for row in reversed(table)
}
"""What each act rests on, by the kind of event that tells of it; empty: of a document's life."""
_ACTS = {
    "DocumentSubmitted": "submit",
    "DocumentRegistered": "file",
    "ManifestStored": "revise",
    "DocumentReceived": "arrive",
}
_READERS = {"grant": "set-readers", "revoke": "set-readers", "inform": "circulate", "confirm": "circulate"}
_SHOWN = 10
"""Readers named in one entry."""


def history_entry(row: Mapping[str, Any], changes: Mapping[int, Mapping[str, Any]]) -> pb.HistoryEntry:
    """One happening. changes: of registration data, by the version after them; their words stand beside the card."""
    name = row["type"].rpartition(".")[2]
    params: dict[str, str] = {}
    if row["payload"] is not None:
        params = _PARAMS.get(name, _nothing)(row["payload"])
    if name == "RegistrationChanged" and row["aggregate_version"] in changes:
        params |= _words(changes[row["aggregate_version"]])
    source = _source(name, params.get("act", ""))
    if source:
        params["source"] = source
    entry = pb.HistoryEntry(type=name, actor=actor(row["actor"]), version=row["aggregate_version"], params=params)
    entry.occurred_at.FromDatetime(row["occurred_at"])
    return entry


def _source(name: str, act: str) -> str:
    """The article an event's act rests on."""
    own_act = _ACTS.get(name) or _READERS.get(act, act)
    return ARTICLES.get((name, own_act)) or (ARTICLES.get(("", own_act), "") if name in _ACTS else "")


def _nothing(_: bytes) -> dict[str, str]:
    return {}


def _submitted(payload: bytes) -> dict[str, str]:
    event = own.DocumentSubmitted.FromString(payload)
    return {"steps": str(len(event.steps)), "attachments": str(event.attachment_count)}


def _registered(payload: bytes) -> dict[str, str]:
    event = own.DocumentRegistered.FromString(payload)
    return {"number": event.registration.text, "file": event.file_code}


def _received(payload: bytes) -> dict[str, str]:
    event = own.DocumentReceived.FromString(payload)
    return {"sender": event.sender_code, "receiver": event.receiver_code}


def _stored(payload: bytes) -> dict[str, str]:
    event = own.ManifestStored.FromString(payload)
    return {"attachments": str(event.attachment_count)}


def _progressed(payload: bytes) -> dict[str, str]:
    return {"state": own.DocumentProgressed.FromString(payload).state}


def _delivered(payload: bytes) -> dict[str, str]:
    event = own.DeliveryChanged.FromString(payload)
    return {"receiver": event.receiver_code, "state": event.state}


def _sending(payload: bytes) -> dict[str, str]:
    event = own.DispatchProgressed.FromString(payload)
    receivers = " ".join(event.recipient_codes)
    number = str(event.ledger_number or "")
    return {"act": event.act, "state": event.state, "number": number, "receiver": receivers}


def _receipt(payload: bytes) -> dict[str, str]:
    event = own.ReceiptProgressed.FromString(payload)
    told = {"act": event.act, "state": event.state, "department": event.department_code}
    return told | {"number": event.registration.text} | ({"official": event.official_id} if event.official_id else {})


def _readers(payload: bytes) -> dict[str, str]:
    event = own.ReadersChanged.FromString(payload)
    return {"act": event.act, "count": str(len(event.tokens)), "readers": " ".join(event.tokens[:_SHOWN])}


def _amended(payload: bytes) -> dict[str, str]:
    event = own.RegistrationChanged.FromString(payload)
    act = "cancel-registration" if event.cancelled else "change-registration"
    return {"act": act, "fields": _list(change.field for change in event.changes)}


def _handed(payload: bytes) -> dict[str, str]:
    event = own.RecordProgressed.FromString(payload)
    told = {"act": event.act, "state": event.state, "transfer": event.transfer_id}
    return told | ({"codes": " ".join(event.fault_codes)} if event.fault_codes else {})


def _words(row: Mapping[str, Any]) -> dict[str, str]:
    """Values before and after, as they were kept beside the card, and the reason."""
    return {
        "before": _list(str(before) for _, before, _ in row["changes"]),
        "after": _list(str(after) for _, _, after in row["changes"]),
        "reason": row["reason"],
    }


def _list(texts: Iterable[str]) -> str:
    return ", ".join(texts)


_PARAMS: Mapping[str, Callable[[bytes], dict[str, str]]] = {
    "DocumentSubmitted": _submitted,
    "DocumentRegistered": _registered,
    "DocumentReceived": _received,
    "ManifestStored": _stored,
    "DocumentProgressed": _progressed,
    "DeliveryChanged": _delivered,
    "DispatchProgressed": _sending,
    "ReceiptProgressed": _receipt,
    "ReadersChanged": _readers,
    "RegistrationChanged": _amended,
    "RecordProgressed": _handed,
}
