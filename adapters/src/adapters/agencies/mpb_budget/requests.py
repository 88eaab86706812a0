"""Detail records and `RequestReceived`, both ways, by the manifest's mapping table.

values of a record -> putters, one a field -> message; message -> takers, one a field -> values of a record.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from adapters.agencies.mpb_budget import quirks
from adapters.canonical import disclosure, moments
from adapters.contract import Item, Outgoing
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.formats.fixedwidth import Layout, Row, Value, encode
from adapters.manifest import Manifest
from onnara.exchange.v1 import official_document_pb2 as words
from onnara.exchange.v1.events_pb2 import RequestReceived
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, Notification, OfficialDocument, RecipientKind

Putter = Callable[[OfficialDocument, dict[str, ApprovalStep], Any], None]
Taker = Callable[[OfficialDocument, Mapping[str, ApprovalStep]], Value]
Chosen = Sequence[tuple[int, Outgoing]]
Made = tuple[list[Item], list[Finding], dict[int, tuple[Finding, ...]]]
_GOVERNMENT: Final = RecipientKind.RECIPIENT_KIND_GOVERNMENT
# Parts of a document that must not be lost on the way: without them it would be another document.
_VITAL: Final = frozenset({"title", "steps", "recipients", "attachments", "disclosure", "sender", "task"})


class Requests:
    """Both directions of the detail record."""

    def __init__(self, manifest: Manifest, layout: Layout) -> None:
        self._layout = layout
        self._system = manifest.system
        self._sender_name = manifest.tables["constants"]["sender_name"]
        self._steps = {entry["name"]: _step(entry, manifest.system) for entry in manifest.tables["step"]}
        self._notifications = {code: Notification.Value(word) for code, word in manifest.codes("notification").items()}
        self._putters: list[tuple[str, Putter]] = []
        self._takers: list[tuple[str, Taker]] = []
        for entry in manifest.mapping:
            put, take = self._compile(entry, manifest)
            self._putters.append((entry["field"], put))
            self._takers.append((entry["field"], take))
        self._patterns = {
            entry["field"]: re.compile(entry["pattern"])
            for entry in manifest.mapping
            if "pattern" in entry and entry["kind"] != "date"
        }

    def message(self, values: Mapping[str, Value], header: Mapping[str, Value]) -> tuple[str, RequestReceived]:
        """Make the message of a clean record; answers its natural key, too."""
        request = RequestReceived()
        document = request.document
        steps: dict[str, ApprovalStep] = {}
        for field, put in self._putters:
            value = values[field]
            if value is not None:
                put(document, steps, value)
        for number, step in enumerate(steps.values(), 1):
            step.order = number
        document.body = quirks.body(values)
        if document.recipients:
            document.sender_name = self._sender_name
        for field in ("batch_id", "created"):
            if header.get(field) is not None:
                document.extensions[f"mpb_budget.{field}"] = str(header[field])
        origin = request.origin
        key = origin.natural_key = f"{values['request_no']}/{values['fiscal_year']}"
        origin.system = self._system
        origin.agency_code = str(values["agency_code"])
        flag = header.get("notification")
        origin.notification = self._notifications.get(str(flag), Notification.NOTIFICATION_NONE)
        return key, request

    def encode(self, chosen: Chosen) -> Made:
        """Write batches: one for all requests of one header."""
        batches: dict[tuple[Value, ...], list[Row]] = {}
        names: dict[tuple[Value, ...], str] = {}
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
            head = tuple(header.values())
            batches.setdefault(head, []).append(Row(values, "detail"))
            names.setdefault(head, outgoing.name or f"MPB{values['request_no']}")
            header_names = tuple(header)
        items = []
        for head, rows in batches.items():
            names_of = dict(zip(header_names, head, strict=True))
            data = encode([Row(names_of, "header"), *rows, Row(_sums(rows), "trailer")], self._layout)
            name = f"{names[head]}.dat"
            items.append(Item(name, {name: data}))
        return items, findings, refused

    def _values(self, request: RequestReceived) -> tuple[dict[str, Value], dict[str, Value], list[Finding]]:
        """Take a record's values out of a message; what the record cannot say is found by reading it back."""
        document = request.document
        steps = {name: step for step in document.steps if (name := self._name_of(step))}
        try:
            values = {field: take(document, steps) for field, take in self._takers}
        except ValueError as error:
            return {}, {}, [reject("value-unmapped", str(error.args[0]), value=str(error.args[-1]))]
        flags = {number: code for code, number in self._notifications.items()}
        header: dict[str, Value] = {
            "batch_id": document.extensions.get("mpb_budget.batch_id", None),
            "system": self._system,
            "agency_code": document.sender.agency.code,
            "created": _moment(document),
            "notification": flags.get(request.origin.notification, "N"),
        }
        findings = [
            reject("pattern-mismatch", field, value=str(values[field]))
            for field, pattern in self._patterns.items()
            if values[field] is not None and pattern.fullmatch(str(values[field])) is None
        ]
        try:
            encode([Row(values, "detail")], self._layout, report=findings)
        except FormatError as error:
            findings += error.findings
        if not rejected(findings):
            findings += self._left_behind(document, self.message(values, header)[1].document)
        return values, header, findings

    def _left_behind(self, wanted: OfficialDocument, got: OfficialDocument) -> list[Finding]:
        """Name the parts of a document that the record does not hold as they were."""
        findings = []
        for field in OfficialDocument.DESCRIPTOR.fields:
            before, after = getattr(wanted, field.name), getattr(got, field.name)
            if before != after:
                make = reject if field.name in _VITAL else loss
                findings.append(make("value-not-carried", field.name, value=_short(before)))
        return findings

    def _name_of(self, step: ApprovalStep) -> str:
        return next((name for name, each in self._steps.items() if each.role == step.role), "")

    def _compile(self, entry: Mapping[str, Any], manifest: Manifest) -> tuple[Putter, Taker]:
        """Make the two functions of one entry of the mapping table."""
        field, kind, target = entry["field"], entry["kind"], entry["to"]
        first, _, rest = target.partition(".")
        if first == "extensions":
            return _extension(rest, number=kind == "amount")
        if first == "steps":
            name, _, path = rest.partition(".")
            codes = manifest.codes(entry["codes"]) if "codes" in entry else {}
            return self._step_part(name, path, codes)
        if first == "recipients":
            return _put_recipient, _take_recipient
        if target == "disclosure":
            return _put_disclosure, lambda document, _: disclosure.code_of(document.disclosure) or None
        del field
        return _plain(target)

    def _step_part(self, name: str, path: str, codes: Mapping[str, str]) -> tuple[Putter, Taker]:
        model = self._steps[name]
        numbers = {code: words.StepMode.Value(word) for code, word in codes.items()}
        back = {number: code for code, number in numbers.items()}

        def put(document: OfficialDocument, steps: dict[str, ApprovalStep], value: Any) -> None:
            if name not in steps:
                steps[name] = document.steps.add()
                steps[name].CopyFrom(model)
            step = steps[name]
            if path == "acted_at":
                step.acted_at.seconds = moments.seconds_of_day(value)
            elif path == "mode":
                step.mode = numbers[value]
            else:
                step.person.external_id = value

        def take(_: OfficialDocument, steps: Mapping[str, ApprovalStep]) -> Value:
            step = steps.get(name)
            if step is None:
                return None
            if path == "acted_at":
                return moments.korean(step.acted_at).date() if step.HasField("acted_at") else None
            if path == "mode":
                if step.mode not in back:
                    raise ValueError("decision", words.StepMode.Name(step.mode))
                return back[step.mode]
            return step.person.external_id or None

        return put, take


def _step(entry: Mapping[str, Any], system: str) -> ApprovalStep:
    return ApprovalStep(
        role=words.StepRole.Value(entry["role"]),
        mode=words.StepMode.Value(entry["mode"]),
        outcome=words.StepOutcome.Value(entry["outcome"]),
        asserted_by=system if entry["asserted"] else "",
    )


def _extension(key: str, *, number: bool) -> tuple[Putter, Taker]:
    def put(document: OfficialDocument, _: dict[str, ApprovalStep], value: Any) -> None:
        document.extensions[key] = str(value)

    def take(document: OfficialDocument, _: Mapping[str, ApprovalStep]) -> Value:
        value = document.extensions.get(key, None)
        if number and value is not None:
            try:
                return int(value)
            except ValueError:
                raise ValueError(key, value) from None
        return value

    return put, take


def _put_recipient(document: OfficialDocument, _: dict[str, ApprovalStep], value: Any) -> None:
    recipient = document.recipients.add()
    recipient.kind = _GOVERNMENT
    recipient.agency.code = value


def _take_recipient(document: OfficialDocument, _: Mapping[str, ApprovalStep]) -> Value:
    return document.recipients[0].agency.code or None if document.recipients else None


def _put_disclosure(document: OfficialDocument, _: dict[str, ApprovalStep], value: Any) -> None:
    disclosure.fill(document.disclosure, value)


def _plain(path: str) -> tuple[Putter, Taker]:
    """Make the functions of a text at a dotted path of the document."""
    parent, _, leaf = path.rpartition(".")
    inside: Callable[[OfficialDocument], Any] = attrgetter(parent) if parent else _itself
    at = attrgetter(path)

    def put(document: OfficialDocument, _: dict[str, ApprovalStep], value: Any) -> None:
        setattr(inside(document), leaf, value)

    return put, lambda document, _: at(document) or None


def _itself(document: OfficialDocument) -> OfficialDocument:
    return document


def _moment(document: OfficialDocument) -> dt.datetime | None:
    """Give the batch's time of making as it was read; None when the message came from elsewhere."""
    said = document.extensions.get("mpb_budget.created", "")
    try:
        return dt.datetime.fromisoformat(said)
    except ValueError:
        return None


def _sums(rows: Sequence[Row]) -> dict[str, Value]:
    total = sum(amount for row in rows if isinstance(amount := row.values.get("amount"), int))
    return {"count": str(len(rows)), "total": total}


def _short(value: object) -> str:
    shown = " ".join(str(value).split())
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
