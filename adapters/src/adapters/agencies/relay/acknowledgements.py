"""Acknowledgements and `DeliveryReported`, both ways: the same doc-id, sender and receiver exchanged, no document."""

from collections.abc import Mapping
from typing import Final

from adapters.agencies.relay import quirks
from adapters.agencies.relay.reading import flat
from adapters.canonical.table import Table
from adapters.contract import Outgoing
from adapters.formats.charset import decode_declared, encode_cp949
from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.formats.koreantime import spoken
from adapters.formats.pack import Content, Pack
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep, ReceiptReported

# The standard has no doc-type for 이송. We say it once more with `receive`, which changes nothing for anybody else, and name
# the new receiver in a content of this role; roles are free text in pack.dtd.
_TRANSFER: Final = "transfer"
_TRANSFER_FILE: Final = "transfer.txt"
_MOST_READ: Final = 4096


class Acknowledgements:
    """The table of acknowledgements made ready."""

    def __init__(self, manifest: Manifest) -> None:
        self._table = Table(manifest.tables["acknowledgement"])
        self._steps = {kind: DeliveryStep.Value(word) for kind, word in manifest.codes("acknowledgement").items()}
        self._kinds = {step: kind for kind, step in self._steps.items()}
        self._reasons: Mapping[str, str] = manifest.codes("reason")
        self._words: Mapping[str, str] = manifest.tables["constants"]

    def message(self, pack: Pack, name: str, findings: list[Finding]) -> DeliveryReported:
        """Make the message. Its id does not depend on the file, so that the same report in two files is one."""
        report = DeliveryReported(step=self._steps[pack.doc_type], receiver_code=pack.send_id, file_name=name)
        self._table.put(flat(pack, None), report, findings)
        role = pack.doc_type if pack.doc_type in self._reasons else ""
        content = pack.content(role) if role else next((c for c in pack.contents if c.role in self._reasons), None)
        if content is not None and content.data:
            decoded = decode_declared(content.data, content.charset or "euc-kr", field=f"contents/{content.role}")
            findings += decoded.findings
            report.reason = decoded.text.strip("\r\n \0")
        kind: str = pack.doc_type
        transfer = pack.content(_TRANSFER) if report.step == DeliveryStep.DELIVERY_STEP_RECEIVED else None
        if transfer is not None and transfer.data:
            kind, report.step = _TRANSFER, DeliveryStep.DELIVERY_STEP_TRANSFERRED
            self._read_transfer(transfer, report, findings)
        report.report_id = f"{pack.doc_id}|{pack.send_id}|{kind}|{pack.date}"
        return report

    def _read_transfer(self, content: Content, report: DeliveryReported, findings: list[Finding]) -> None:
        """Read lines such as ``이송기관코드: Z090000``; what is none of ours stays in the reason."""
        decoded = decode_declared(
            content.data[:_MOST_READ], content.charset or "euc-kr", field=f"contents/{content.role}"
        )
        findings += decoded.findings
        rest = []
        for line in decoded.text.strip("\r\n \0").splitlines():
            name, _, value = (part.strip() for part in line.partition(":"))
            if name == self._words["transfer_code"]:
                report.passed_to.code = value
            elif name == self._words["transfer_name"]:
                report.passed_to.name = value
            else:
                rest.append(value if name == self._words["transfer_reason"] else line)
        report.reason = "\n".join(rest)

    def pack(self, outgoing: Outgoing, findings: list[Finding]) -> Pack:
        """Make the pack. Raises FormatError for a step nobody acknowledges, or when a code or the time is missing."""
        report = outgoing.message
        if not isinstance(report, DeliveryReported):
            raise FormatError([reject("message-not-carried", kind=report.DESCRIPTOR.name)])
        transferred = report.step == DeliveryStep.DELIVERY_STEP_TRANSFERRED
        kind = self._kinds.get(DeliveryStep.DELIVERY_STEP_RECEIVED if transferred else report.step)
        if kind is None:
            raise FormatError([reject("message-not-carried", "step", kind=DeliveryStep.Name(report.step))])
        values = self._table.take(report)
        unit = report.reporter.code or report.receiver_code
        named = quirks.file_name(outgoing.name) if outgoing.name else None
        return Pack(
            send_orgcode=values["pack.send_orgcode"] or unit,
            send_id=unit,
            send_name=values["pack.send_name"] or report.reporter.name,
            receive_ids=(report.sender_code,),
            date=values["pack.date"] or (spoken(named.when) if named else ""),
            title=report.title,
            doc_id=report.document_id,
            doc_type=kind,  # type: ignore[arg-type]  # the manifest's table holds words of the standard
            dept=report.department,
            name=report.person,
            send_gw=self._words["send_gw"],
            contents=self._transfer(report, findings) if transferred else self._contents(kind, report.reason, findings),
        )

    def receipt(self, told: ReceiptReported, arrival: DeliveryReported) -> DeliveryReported | None:
        """Make the report of an act of the receiving side: its addresses are those of the arrival's."""
        transferred = told.step == DeliveryStep.DELIVERY_STEP_TRANSFERRED
        kind = _TRANSFER if transferred else self._kinds.get(told.step)
        if kind is None:
            return None
        report = DeliveryReported()
        report.CopyFrom(arrival)
        report.step, report.title = told.step, told.title or arrival.title
        report.happened_at.CopyFrom(told.happened_at)
        report.department, report.person = told.department.name, told.person
        if told.agency.code not in {"", arrival.reporter_agency.code, arrival.reporter.code}:
            # Accepted by whom it was sent on to: the acknowledgement is ours, the name is theirs.
            report.department = f"{told.agency.name} {told.department.name}".strip()
        if transferred:
            report.reason = told.reason
            report.passed_to.CopyFrom(told.passed_to)
        else:
            report.reason = self._return_text(told) if kind in self._reasons else ""
        return report

    def _return_text(self, told: ReceiptReported) -> str:
        """Give what a return has to name (시행규칙 16①): number, day and title of the document, and the reason."""
        named = (
            (self._words["return_number"], told.sender_registration.text),
            (self._words["return_day"], told.enforced_on),
            (self._words["return_title"], told.title),
            (self._words["return_reason"], told.reason),
        )
        return "\r\n".join(f"{name}: {value}" for name, value in named if value)

    def _transfer(self, report: DeliveryReported, findings: list[Finding]) -> tuple[Content, ...]:
        """Name the new receiver, as ``_read_transfer`` reads it."""
        reason = " ".join(report.reason.split())
        named = (
            (self._words["transfer_code"], report.passed_to.code),
            (self._words["transfer_name"], " ".join(report.passed_to.name.split())),
            (self._words["transfer_reason"], reason),
        )
        text = "\r\n".join(f"{name}: {value}" for name, value in named if value)
        data, found = encode_cp949(text, policy="substitute", field="reason")
        findings += found
        return (Content(_TRANSFER, _TRANSFER_FILE, data, "text/plain", "euc-kr"),)

    def _contents(self, kind: str, reason: str, findings: list[Finding]) -> tuple[Content, ...]:
        if not reason:
            return ()
        file = self._reasons.get(kind)
        if file is None:
            findings.append(loss("value-not-carried", "reason", value=reason[:60]))
            return ()
        data, found = encode_cp949(reason, policy="substitute", field="reason")
        findings += found
        return (Content(kind, file, data, "text/plain", "euc-kr"),)
