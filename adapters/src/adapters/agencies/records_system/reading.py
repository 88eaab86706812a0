"""Lists and e-files of a transmission -> `RecordsHandedOver`. The way back of `writing`, and how it checks itself."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.agencies.records_system import efiles, histories, keys
from adapters.agencies.records_system.entries import Entries
from adapters.agencies.records_system.listing import LISTS, Listing
from adapters.formats.control import Control, read_file_name
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.rows import DETAIL, Values
from onnara.exchange.v1.records_pb2 import HandOverKind, RecordFile, RecordItem, RecordsContent, RecordsHandedOver

KINDS: Final[Mapping[str, "HandOverKind.ValueType"]] = {
    "product": HandOverKind.HAND_OVER_KIND_PRODUCTION_REPORT,
    "transfer": HandOverKind.HAND_OVER_KIND_TRANSFER,
}
Found = dict[str, list[Values]]


class Reading:
    """Makes messages of transmissions."""

    def __init__(self, listing: Listing, entries: Entries) -> None:
        self._listing = listing
        self._entries = entries

    def hand_over(
        self, control: Control, parts: Mapping[str, bytes], blobs: dict[bytes, bytes], findings: list[Finding]
    ) -> RecordsHandedOver:
        """The hand-over of a transmission. A fault anywhere refuses it as a whole: half of it would be another one."""
        rows = self._rows(parts, findings)
        first = next((found for name in parts if (found := read_file_name(name))), None)
        message = RecordsHandedOver(transfer_id=control.key)
        content = RecordsContent(transfer_id=control.key, kind=KINDS[control.work_div])
        content.agency.code = control.org_code
        content.year = int(control.year) if control.year.isascii() and control.year.isdigit() else 0
        if first is not None:
            content.department.code = first.unit
            moment = keys.read_stamp(f"20{first.made}")
            if moment is None:
                findings.append(reject("date-invalid", "made_at", value=first.made))
            else:
                content.made_at.CopyFrom(moment)
        for end in rows.get("end", ()):
            self._end(end, message, content, rows, findings)
        self._registers(rows, content, findings)
        self._details(rows, content, parts, blobs, findings)
        message.content = content.SerializeToString(deterministic=True)
        return message

    def _rows(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Found:
        rows: Found = {}
        for name, data in parts.items():
            if not self._listing.job_of(name) or not data:
                continue
            noticed: list[Finding] = []
            try:
                for row in self._listing.read(name, data, noticed):
                    noticed += row.findings
                    if not rejected(row.findings):
                        rows.setdefault(self._listing.list_of(name), []).append(row.values)
            except FormatError as error:
                noticed += error.findings
            job = LISTS.get(self._listing.list_of(name), "")
            findings += [dataclasses.replace(each, field=f"{job}.{each.field or ''}") for each in noticed]
        return rows

    def _registers(self, rows: Found, content: RecordsContent, findings: list[Finding]) -> None:
        names = [str(row.get("처리과명") or "") for row in rows.get("gfile", ())]
        content.department.name = content.department.name or next((name for name in names if name), "")
        content.files.extend(self._entries.file(row, findings) for row in rows.get("gfile", ()))
        department = content.department.name
        content.records.extend(self._entries.record(row, department, findings) for row in rows.get(DETAIL, ()))
        lines = rows.get("disthist", ())
        content.distributions.extend(self._entries.distribution(row, findings) for row in lines)

    def _details(
        self,
        rows: Found,
        content: RecordsContent,
        parts: Mapping[str, bytes],
        blobs: dict[bytes, bytes],
        findings: list[Finding],
    ) -> None:
        records: dict[str, RecordItem] = {}
        for record in content.records:
            records.setdefault(keys.record_key(record), record)
        files: dict[str, RecordFile] = {keys.file_key(file.key): file for file in content.files}
        for row in rows.get("page", ()):
            histories.read_page(row, records, findings)
        for row in rows.get("sprecord", ()):
            histories.read_special(row, records, findings)
        for row in rows.get("dochist", ()):
            histories.read_amendment(row, records.get, findings)
        for row in rows.get("gfilehist", ()):
            histories.read_amendment(row, files.get, findings)
        named = {efiles.read(row, records, parts, blobs, findings) for row in rows.get("efile", ())}
        strange = [name for name in parts if not self._listing.job_of(name) and name not in named]
        findings += [reject("part-unlisted", name, name=name) for name in strange]

    def _end(
        self, row: Values, message: RecordsHandedOver, content: RecordsContent, rows: Found, findings: list[Finding]
    ) -> None:
        """Take the seal and what only the closing record says, and hold its counts against what came."""
        content.agency.name, content.department.name = _text(row, "기관명"), _text(row, "처리과명")
        content.corrects_transfer_id = _text(row, "정정대상")
        for column, name in (("철수", "gfile"), ("건수", DETAIL), ("파일수", "efile")):
            count = len(rows.get(name, ()))
            if _text(row, column) != str(count):
                findings.append(reject("trailer-count-mismatch", column, promised=_text(row, column), found=str(count)))
        seal = message.seal
        seal.official_id, seal.name, seal.position = (
            _text(row, each) for each in ("봉인자번호", "봉인자", "봉인자직위")
        )
        said = _text(row, "봉인값")
        try:
            seal.digest = bytes.fromhex(said)
        except ValueError:
            findings.append(reject("seal-differs", "봉인값", value=said))
        if len(seal.digest) != hashlib.sha256().digest_size:
            findings.append(reject("seal-differs", "봉인값", value=said))
        moment = keys.read_stamp(_text(row, "봉인일시"))
        if moment is None:
            findings.append(reject("date-invalid", "봉인일시", value=_text(row, "봉인일시")))
        else:
            seal.sealed_at.CopyFrom(moment)


def _text(row: Mapping[str, Any], column: str) -> str:
    return str(row.get(column) or "")


def of_lists(names: Sequence[str], listing: Listing) -> str:
    """The list the message's record shows: the register of records, else the first there is."""
    known = [name for name in names if listing.job_of(name)]
    return next((name for name in known if listing.list_of(name) == DETAIL), known[0] if known else "")
