"""One kind of record of an agency: its table, its message, its key. Row -> Record, message -> values, both whole or refused.

`[[record]]` of a manifest: `table` (mapping, result, ...), `message`, `key` (fields of origin.natural_key), `identity` (fields
of the record's own key, or a text with fields in braces as they stand in the file; default the key), `joint` (between them),
`constants` (places of these messages and their words), `header` (table of the batch's own row, false for none), `single` (each
goes out by itself), `name` (of the item, with fields in braces), `repeats` (see `groups`). Without any, the table `mapping` is a RequestReceived.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical import policy
from adapters.canonical.forms import FORMS, REPORTS
from adapters.canonical.tabular.cells import ODD
from adapters.canonical.tabular.groups import tables_of
from adapters.canonical.tabular.seen import Reader
from adapters.canonical.tabular.shape import Shape
from adapters.canonical.tabular.swift import Swift
from adapters.canonical.tabular.table import KEY, Table
from adapters.contract import FieldView, Record
from adapters.formats.findings import Finding, loss, reject, rejected
from adapters.formats.rows import DETAIL, HEADER, Codec, CutRow, Cutting, Row, Values
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification

# Parts that must not be lost on the way: without them it would be another document, or another answer.
_VITAL: Final = frozenset(
    {"title", "steps", "recipients", "attachments", "disclosure", "sender", "task", "retention", "registration"}
)
# An answer may say less of the line than there is: it is a snapshot of where the request stands.
_VITAL_ANSWER: Final = frozenset({"status", "registration"})
# Ours, of no use to the other side: it asks by its own key.
_OURS: Final = frozenset({"origin", "document", "version", "received_at"})
_FIELD: Final = re.compile(r"\{([^{}]+)\}")
_NO_BLOBS: Final[Mapping[bytes, bytes]] = {}
# 발신명의 stands on what goes out only; an internal decision has none (행정업무규정 13).
_SENDER_NAME: Final = "sender_name"


class Kind:
    """One kind of record, both directions."""

    def __init__(self, manifest: Manifest, codec: Codec, entry: Mapping[str, Any], header: Table | None) -> None:
        self.table_name: str = entry.get("table", DETAIL)
        self.form = FORMS[entry.get("message", "RequestReceived")]
        entries = manifest.mapping if self.table_name == DETAIL else manifest.tables[self.table_name]
        self.table = Table(manifest, entries, self.form, repeats=entry.get("repeats", {}))
        self.header = header
        self._codec = codec
        self._system = manifest.system
        self._loss = {**manifest.loss, **{each["field"]: each.get("loss", "substitute") for each in entries}}
        self._agency = manifest.agency_codes[0] if len(manifest.agency_codes) == 1 else ""
        self._key: list[str] = entry.get("key", [])
        identity = entry.get("identity", self._key)
        self._said_identity: str = identity if isinstance(identity, str) else ""
        self._identity: list[str] = self._key if isinstance(identity, str) else identity
        # Tables of what repeats within a record.
        self.repeats = [table for table, _ in tables_of(entry.get("repeats", {})).values()]
        self.single = bool(entry.get("single"))
        self._name: str = entry.get("name", "")
        self._joint: str = entry.get("joint", "/")
        fields = [column.field for column in self.table.columns]
        self._key_places = [fields.index(name) for name in self._key]
        self._identity_places = [fields.index(name) for name in self._identity]
        self._taken_from_key = [each["field"] for each in entries if each.get("as") == KEY]
        self._template, self._sender_name = self._constants(manifest, entry.get("constants", {}))
        self.swift = self._swift(None)
        # Codecs that cut clean rows into cells are asked for nothing more.
        self.cut_swift = self._swift(codec.readers(self.table_name)) if isinstance(codec, Cutting) else None

    def _swift(self, readers: Mapping[str, Reader | None] | None) -> Swift | None:
        """Make the fast way; none where the mapping says something only the careful one can do."""
        shape = Shape(
            self.form,
            self._template,
            self.header,
            self._key_places,
            self._identity_places,
            self._joint,
            self._sender_name,
        )
        if self._said_identity:
            return None
        try:
            return Swift(self.table, shape, readers)
        except ValueError:
            return None

    def _constants(self, manifest: Manifest, own: Mapping[str, str]) -> tuple[Message, str]:
        """Make the message every record begins with."""
        template: Any = self.form()
        template.origin.system = self._system
        template.origin.agency_code = self._agency
        template.origin.notification = Notification.NOTIFICATION_NONE
        said = dict(manifest.tables.get("constants", {})) if "document" in self.form.DESCRIPTOR.fields_by_name else {}
        name = said.pop(_SENDER_NAME, "")
        for path, word in {**said, **own}.items():
            found = self.table.place(path, {})
            found.put(template, word if found.words is None else found.words(word))
        return template, name

    def record(self, row: Row, header: Values) -> Record:
        """Translate one row. `header`: values of the batch's own row."""
        if type(row) is CutRow:
            if self.cut_swift is not None:
                try:
                    message, identity = self.cut_swift.cells(row.cells, header)
                except ODD:
                    pass
                else:
                    return Record(row.ordinal, row.part, row.offset, row.raw, identity, message, (), _NO_BLOBS)
            row = row.whole()
        findings = policy.apply(row.findings, self._loss) if row.findings else ()
        if findings and rejected(findings):
            return Record(row.ordinal, row.part, row.offset, row.raw, "", None, findings)
        if self.swift is not None:
            try:
                message, identity = self.swift.values(row.values, header)
            except ODD:
                pass
            else:
                return Record(row.ordinal, row.part, row.offset, row.raw, identity, message, findings)
        return self.careful(row, header, findings)

    def careful(self, row: Row, header: Values, findings: tuple[Finding, ...] = ()) -> Record:
        """Translate a row cell by cell, and say what is odd. `findings`: what was noticed of it so far."""
        try:
            ready = self.table.plain(row.values)
        except ODD:
            ready, noticed = self.table.carefully(row.values)
            findings = policy.apply((*findings, *self._placed(noticed, row)), self._loss)
            if rejected(findings):
                return Record(row.ordinal, row.part, row.offset, row.raw, "", None, findings)
        try:
            message = self.message(ready, row.values, header)
        except ValueError as error:
            fault = reject("value-unmapped", None, offset=row.offset, value=str(error.args[-1]) if error.args else "")
            return Record(row.ordinal, row.part, row.offset, row.raw, "", None, (*findings, fault))
        if self._said_identity:
            identity = filled(self._said_identity, row.values)
        else:
            identity = self._joint.join([str(ready[index]) for index in self._identity_places])
        return Record(row.ordinal, row.part, row.offset, row.raw, identity, message, findings)

    def message(self, ready: Sequence[Any], values: Values, header: Values) -> Any:
        """Make the message of what was read."""
        message: Any = self.form()
        message.MergeFrom(self._template)
        self.table.fill(message, ready, values)
        if header and self.header is not None:
            # A header that cannot be read was reported about the file; it refuses no record.
            self.header.fill(message, self.header.carefully(header)[0], header)
        origin = message.origin
        origin.natural_key = self._joint.join([str(ready[index]) for index in self._key_places])
        if self._sender_name and message.document.recipients:
            message.document.sender_name = self._sender_name
        if not origin.agency_code and "document" in message.DESCRIPTOR.fields_by_name:
            origin.agency_code = message.document.sender.agency.code
        return message

    def named(self, values: Values) -> str:
        """Give the name of an item that begins with these values; empty where the manifest does not say."""
        return filled(self._name, values)

    def _placed(self, findings: Sequence[Finding], row: Row) -> list[Finding]:
        """Say where in the file the cells stand."""
        if not findings:
            return []
        places = row.places
        if places is None:
            places = {cell.name: (cell.offset, len(cell.raw)) for cell in self._codec.cells(row.raw, row.part)}
        out = []
        for finding in findings:
            offset, length = places.get(finding.field or "", (0, None))
            out.append(dataclasses.replace(finding, offset=row.offset + offset, length=length))
        return out

    def values(self, message: Any) -> tuple[Values, Values, list[Finding]]:
        """Take a row's values, and those of its header, out of a message; what the row cannot say is found by reading it back."""
        values, findings = self.table.values(message)
        if self._taken_from_key:
            # They have no place of their own, so they were missed; what is missing in the key, reading back will tell.
            findings = [each for each in findings if each.field not in self._taken_from_key]
            findings = [*self._from_key(message.origin.natural_key, values), *findings]
        header: Values = {}
        if self.header is not None:
            header, faults = self.header.values(message)
            findings += faults
        if rejected(findings):
            return values, header, findings
        settled, noticed = self._codec.settle(values, self.table_name)
        findings += policy.apply(noticed, self._loss)
        if self.header is not None:
            header, noticed = self._codec.settle(header, HEADER)
            findings += noticed
        if rejected(findings):
            return values, header, findings
        ready, noticed = self.table.carefully(settled)
        findings += noticed
        if not rejected(findings):
            findings += self._left_behind(message, ready, settled, header)
        return values, header, findings

    def _from_key(self, key: str, values: dict[str, Any]) -> list[Finding]:
        """Take an answer's key apart into the fields it was joined of."""
        parts = key.split(self._joint)
        if len(parts) != len(self._key) or not all(parts):
            return [reject("natural-key-unreadable", "origin.natural_key", value=key)]
        named = dict(zip(self._key, parts, strict=True))
        for field in self._taken_from_key:
            values[field] = named[field]
        return []

    def _left_behind(self, wanted: Any, ready: Sequence[Any], values: Values, header: Values) -> list[Finding]:
        try:
            got = self.message(ready, values, header)
        except ValueError as error:
            return [reject("value-unmapped", None, value=str(error))]
        findings = _differences(wanted, got)
        if "document" in self.form.DESCRIPTOR.fields_by_name:
            findings += _differences(wanted.document, got.document)
        return findings

    def views(self, raw: bytes, part: str, labels: Mapping[str, str]) -> tuple[int, list[FieldView]]:
        """Show the fields of a row beside their bytes, with what is wrong with each; answers how many are known, too."""
        columns = {column.field: column for column in self.table.columns}
        out = []
        for cell in self._codec.cells(raw, part):
            column = columns.get(cell.name)
            found = column.kind.careful(cell.value)[1] if column is not None else []
            noticed = (*cell.findings, *(dataclasses.replace(each, offset=cell.offset) for each in found))
            # An entry of a table within the record is called as its fields are.
            label = labels.get(cell.name) or labels.get(cell.name.rpartition("].")[2], cell.name)
            out.append(FieldView(cell.name, label, cell.offset, cell.raw, cell.value, noticed, cell.binary))
        return sum(view.name in columns for view in out), out


def filled(text: str, values: Values) -> str:
    """Put fields into a text that has them in braces."""
    return _FIELD.sub(lambda match: str(values.get(match[1])), text)


def _differences(wanted: Message, got: Message) -> list[Finding]:
    """Name the parts of a message that the row does not hold as they were."""
    findings = []
    answer, report = isinstance(wanted, ResultReported), isinstance(wanted, REPORTS)
    for field in wanted.DESCRIPTOR.fields:
        if field.name in _OURS or (answer and field.name == "document_id"):
            continue
        before, after = getattr(wanted, field.name), getattr(got, field.name)
        if before == after:
            continue
        # Of a report all is vital: it is a snapshot, and what it leaves out would be undone.
        vital = report or field.name in (_VITAL_ANSWER if answer else _VITAL)
        findings.append((reject if vital else loss)("value-not-carried", field.name, value=_short(before)))
    return findings


def _short(value: object) -> str:
    said = " ".join(str(value).split())
    return said if len(said) <= 60 else f"{said[:60]}…"
