"""Answer records and `ResultReported`, both ways."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.canonical import moments
from adapters.contract import Item, Outgoing
from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.formats.fixedwidth import Layout, Row, Value, encode
from adapters.formats.koreantime import KST
from adapters.manifest import Manifest
from onnara.exchange.v1 import events_pb2
from onnara.exchange.v1.events_pb2 import ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification

_COUNT: Final[Mapping[str, Value]] = {"count": "1", "total": 0}


class Results:
    """Both directions of the answer record."""

    def __init__(self, manifest: Manifest, layout: Layout) -> None:
        self._layout = layout
        self._system = manifest.system
        self._agency = manifest.agency_codes[0]
        self._statuses = {code: events_pb2.RequestStatus.Value(word) for code, word in manifest.codes("status").items()}

    def message(self, values: Mapping[str, Value], header: Mapping[str, Value]) -> tuple[str, ResultReported]:
        """Make the message of a clean record; answers its natural key, too."""
        result = ResultReported(status=self._statuses[str(values["status"])], title=str(values["title"] or ""))
        key = f"{values['request_no']}/{values['fiscal_year']}"
        result.origin.system, result.origin.natural_key = self._system, key
        result.origin.agency_code = str(header.get("agency_code") or "")
        result.origin.notification = Notification.NOTIFICATION_FINAL
        if values["serial"] is not None:
            number = result.registration
            number.department_code = str(values["department_code"] or "")
            number.year, number.serial = int(str(values["year"] or 0)), int(str(values["serial"]))
            number.text = str(values["number"] or "")
            number.date = str(values["registered_on"] or "")
        reported = values["reported_at"]
        if isinstance(reported, dt.datetime) and moments.is_plausible(reported):
            result.reported_at.FromDatetime(reported.replace(tzinfo=KST))
        if values["opinion"] is not None:
            result.steps.add(opinion=str(values["opinion"]))
        return f"{key}:{values['status']}:{values['reported_at']}", result

    def encode(
        self, chosen: Sequence[tuple[int, Outgoing]]
    ) -> tuple[list[Item], list[Finding], dict[int, tuple[Finding, ...]]]:
        """Write one small file an answer, named after its request."""
        items: list[Item] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in chosen:
            result = outgoing.message
            if not isinstance(result, ResultReported):
                continue
            try:
                values = self._values(result)
                header: dict[str, Value] = {
                    "system": self._system,
                    "agency_code": result.origin.agency_code or self._agency,
                    "created": values["reported_at"],
                    "notification": "F",
                }
                rows = [Row(header, "header"), Row(values, "result"), Row(_COUNT, "trailer")]
                data = encode(rows, self._layout, report=findings)
            except FormatError as error:
                refused[index] = error.findings
                continue
            name = outgoing.name or f"MPBR{values['request_no']}{values['fiscal_year']}{values['status']}"
            items.append(Item(f"{name}.dat", {f"{name}.dat": data}))
            if len([step for step in result.steps if step.opinion]) > 1:
                findings.append(loss("value-not-carried", "steps.opinion", value=str(len(result.steps))))
        return items, findings, refused

    def _values(self, result: ResultReported) -> dict[str, Value]:
        """Take the record's values out of a message. Raises FormatError."""
        request, slash, year = result.origin.natural_key.partition("/")
        if not slash:
            raise FormatError([reject("natural-key-unreadable", "origin.natural_key", value=result.origin.natural_key)])
        code = next((code for code, number in self._statuses.items() if number == result.status), None)
        number = result.registration
        registered = result.HasField("registration")
        reported = moments.korean(result.reported_at) if result.HasField("reported_at") else None
        return {
            "request_no": request,
            "fiscal_year": year,
            "status": code,
            "department_code": number.department_code or None,
            "year": f"{number.year:04d}" if registered else None,
            "serial": f"{number.serial:06d}" if registered else None,
            "registered_on": moments.read_day(number.date) if number.date else None,
            "number": number.text or None,
            # The field ends with the second; canonical moments do not.
            "reported_at": reported.replace(tzinfo=None, microsecond=0) if reported else None,
            "opinion": next((step.opinion for step in reversed(result.steps) if step.opinion), None),
            "title": result.title or None,
        }
