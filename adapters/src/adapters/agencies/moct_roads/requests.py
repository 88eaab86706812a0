"""Request records and `RequestReceived`, both ways, by the mapping table; the body is composed of the record."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.agencies.moct_roads.columns import columns
from adapters.agencies.moct_roads.line import Line
from adapters.agencies.moct_roads.moments import shown
from adapters.contract import Item, Outgoing
from adapters.formats.copybook import HostFile, HostRecord
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.formats.xmltext import text
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import RequestReceived
from onnara.exchange.v1.official_document_pb2 import Notification, OfficialDocument

Values = dict[str, Any]
Chosen = Sequence[tuple[int, Outgoing]]
Made = tuple[list[Item], list[Finding], dict[int, tuple[Finding, ...]]]
# Parts of a document that must not be lost on the way: without them it would be another document.
_VITAL: Final = frozenset({"title", "steps", "recipients", "attachments", "disclosure", "sender", "task", "retention"})
_BATCH, _MADE = "moct_roads.batch_no", "moct_roads.made_at"


class Requests:
    """Both directions of the request record."""

    def __init__(self, manifest: Manifest, file: HostFile, line: Line) -> None:
        self._file = file
        self._line = line
        self._system = manifest.system
        self._sender_name = manifest.tables["constants"]["sender_name"]
        self._columns = columns(manifest, file.kinds["REQUEST-REC"].node)
        self._works = manifest.codes("works")
        self._flags: dict[str, Any] = {
            code: Notification.Value(word) for code, word in manifest.codes("notification").items()
        }

    def message(self, record: HostRecord, header: Mapping[str, Any]) -> tuple[str, RequestReceived, list[Finding]]:
        """Make the message of a record; answers its natural key and what forbids using it, too."""
        values = record.values
        request = RequestReceived()
        document = request.document
        faults: list[Finding] = []
        for column in self._columns:
            value = values.get(column.field)
            if column.accepts is not None and not column.accepts(value or ""):
                faults += [fault] if (fault := column.fault(value, record.offset)) else []
            elif value is not None and value != "":
                column.put(document, value)
        faults += self._line.put(values.get("SIGNER", ()), document.steps, record.offset)
        if rejected(faults) or rejected(record.findings):
            return "", request, faults
        document.body = self._body(values)
        if document.recipients:
            document.sender_name = self._sender_name
        self._head(document, header)
        origin = request.origin
        origin.system, origin.natural_key = self._system, values["REQUEST-NO"]
        origin.agency_code = values["AGENCY-CODE"]
        origin.notification = self._flags.get(header.get("NOTIFY-FLAG", ""), Notification.NOTIFICATION_NONE)
        return origin.natural_key, request, faults

    def _head(self, document: OfficialDocument, header: Mapping[str, Any]) -> None:
        """Keep what the header says of the batch; a time that is none leaves no trace."""
        if header.get("BATCH-NO") is not None:
            document.extensions[_BATCH] = str(header["BATCH-NO"])
        if header.get("MADE-AT"):
            document.extensions[_MADE] = str(header["MADE-AT"])

    def _body(self, values: Mapping[str, Any]) -> str:
        """Compose the body, of the XHTML subset: a sentence, the text, a table of the works."""
        rows = (
            ("공사종류", self._works[values["WORKS-KIND"]]),
            ("공사위치", values["SITE"] or "-"),
            ("연장", f"{shown(values['ROAD-LENGTH'])}km"),
            ("공사비", f"{shown(values['WORKS-COST'])}원"),
            ("보상비", f"{shown(values['COMPENSATION'])}원"),
        )
        cells = "".join(f"<tr><th>{name}</th><td>{text(value)}</td></tr>" for name, value in rows)
        return (
            "<p>1. 도로사업과 관련하여 다음과 같이 요청하오니 검토하여 주시기 바랍니다.</p>"
            f"<p>2. 요청 내용: {text(values['CONTENT'] or values['TITLE'])}</p>"
            f'<table border="1" summary="공사 개요">{cells}</table><p>끝.</p>'
        )

    def encode(self, chosen: Chosen) -> Made:
        """Write batches: one for all requests of one header."""
        batches: dict[tuple[Any, ...], list[Values]] = {}
        names: dict[tuple[Any, ...], str] = {}
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in chosen:
            request = outgoing.message
            if not isinstance(request, RequestReceived):
                continue
            values, header, found = self._values(request)
            findings += [each for each in found if each.severity != "reject"]
            if rejected(found):
                refused[index] = tuple(each for each in found if each.severity == "reject")
                continue
            head = tuple(header.items())
            batches.setdefault(head, []).append(values)
            names.setdefault(head, outgoing.name or f"MOCT{values['REQUEST-NO']}")
        return [self._item(names[head], dict(head), rows) for head, rows in batches.items()], findings, refused

    def _item(self, name: str, header: Values, rows: Sequence[Values]) -> Item:
        total = sum(int(row["WORKS-COST"]) for row in rows)
        trailer = {"REC-TYPE": "90", "REQUEST-COUNT": len(rows), "COST-TOTAL": total}
        records = [("HEADER-REC", header), *(("REQUEST-REC", row) for row in rows), ("TRAILER-REC", trailer)]
        return Item(f"{name}.ebc", {f"{name}.ebc": self._file.write(records)})

    def _values(self, request: RequestReceived) -> tuple[Values, Values, list[Finding]]:
        """Take a record's values out of a message; what the record cannot say is found by reading it back."""
        document = request.document
        values: Values = {column.field: column.take(document) for column in self._columns}
        findings = [fault for column in self._columns if (fault := column.fault(values[column.field], None))]
        values["REC-TYPE"] = "20"
        try:
            values["SIGNER"] = self._line.take(document.steps, answer=False)
            header = self._header(request)
            raw = self._file.kinds["REQUEST-REC"].write(values, report=findings)
            self._file.kinds["HEADER-REC"].write(header)
        except FormatError as error:
            return values, {}, [*findings, *error.findings]
        except ValueError as error:
            return values, {}, [*findings, reject("value-unmapped", str(error.args[0]), value=str(error.args[-1]))]
        if not rejected(findings):
            _, again, faults = self.message(self._file.record(1, 0, raw), header)
            findings += [*faults, *self._left_behind(document, again.document)]
        return values, header, findings

    def _header(self, request: RequestReceived) -> Values:
        extensions = request.document.extensions
        flags = {number: code for code, number in self._flags.items()}
        batch, made = extensions.get(_BATCH, "0"), extensions.get(_MADE, "0")
        for key, value in ((_BATCH, batch), (_MADE, made)):
            if not (value.isascii() and value.isdigit() and len(value) <= 14):
                raise ValueError(key, value)
        return {
            "REC-TYPE": "10",
            "BATCH-NO": int(batch),
            "SYSTEM-ID": self._system,
            "AGENCY-CODE": request.document.sender.agency.code,
            "MADE-AT": int(made),
            "NOTIFY-FLAG": flags.get(request.origin.notification, "N"),
        }

    def _left_behind(self, wanted: OfficialDocument, got: OfficialDocument) -> list[Finding]:
        """Name the parts of a document that the record does not hold as they were."""
        findings = []
        for field in OfficialDocument.DESCRIPTOR.fields:
            before, after = getattr(wanted, field.name), getattr(got, field.name)
            if before != after:
                make = reject if field.name in _VITAL else loss
                findings.append(make("value-not-carried", field.name, value=_short(before)))
        return findings


def _short(value: object) -> str:
    said = " ".join(str(value).split())
    return said if len(said) <= 60 else f"{said[:60]}…"
