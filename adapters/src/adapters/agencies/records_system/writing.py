"""`RecordsHandedOver` -> lists, e-files and control file. What is written is read again: what it does not say is told."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from google.protobuf.message import DecodeError

from adapters.agencies.records_system import differences, efiles, histories, keys
from adapters.agencies.records_system.entries import Entries
from adapters.agencies.records_system.listing import PRODUCTION, TRANSFER, Listing
from adapters.agencies.records_system.reading import KINDS, Reading
from adapters.agencies.records_system.spelling import writable
from adapters.contract import Item, Outgoing
from adapters.formats.control import CONTROL, Control, ListedFile, file_name, read_file_name, write_control
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.formats.rows import DETAIL, Values
from adapters.manifest import Manifest
from onnara.exchange.v1.records_pb2 import HandOverKind, RecordsContent, RecordsHandedOver

Rows = dict[str, list[Values]]
_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{1,40}", re.ASCII)


class Writing:
    """Makes transmissions of messages."""

    def __init__(self, manifest: Manifest, listing: Listing, entries: Entries, reading: Reading) -> None:
        self._listing = listing
        self._entries = entries
        self._reading = reading
        layout, lost = manifest.tables["layout"], manifest.tables["lost"]
        self._said = said_of(layout)
        self._lost: Mapping[bool, Sequence[str]] = {True: lost["always"], False: [*lost["always"], *lost["report"]]}

    def hand_over(self, outgoing: Outgoing, message: RecordsHandedOver, findings: list[Finding]) -> Item:
        """The transmission of a hand-over. Raises FormatError: all of it goes, or nothing."""
        noticed: list[Finding] = []
        content = writable(_content(message), noticed)
        transfer = content.kind == HandOverKind.HAND_OVER_KIND_TRANSFER
        rows = self._rows(content, noticed)
        files: dict[str, bytes] = {}
        if transfer:
            rows["efile"] = [
                row for record in content.records for row in efiles.write(record, outgoing.blobs, files, noticed)
            ]
            rows["end"] = [_end(message, content, len(rows["efile"]))]
        elif message.HasField("seal"):
            noticed.append(loss("value-not-carried", "seal", value=message.seal.digest.hex()))
        if rejected(noticed):
            raise FormatError(noticed)
        made, kind = keys.stamp(content.made_at)[2:], TRANSFER if transfer else PRODUCTION
        lists = self._listing.write(rows, content.department.code, kind, made)
        closing = f"_{TRANSFER}_END_"
        parts = {name: data for name, data in lists.items() if closing not in name} | files
        parts |= {name: data for name, data in lists.items() if closing in name}
        control = self._control(content, parts, transfer=transfer)
        noticed += self._missed(content, control, parts, transfer=transfer)
        if rejected(noticed):
            raise FormatError(noticed)
        findings += noticed
        return Item(outgoing.name or _name(content, kind, made), {**parts, CONTROL: write_control(control)})

    def _rows(self, content: RecordsContent, findings: list[Finding]) -> Rows:
        rows: Rows = {
            "gfile": [self._entries.file_row(file, content, findings) for file in content.files],
            DETAIL: [self._entries.record_row(record, findings) for record in content.records],
            "disthist": [self._entries.distribution_row(line, content, findings) for line in content.distributions],
            "page": [row for record in content.records for row in histories.pages(record, findings)],
            "sprecord": [row for record in content.records for row in histories.specials(record, findings)],
        }
        rows["dochist"] = [
            row
            for record in content.records
            for row in histories.amendments(keys.record_key(record), record.amendments)
        ]
        rows["gfilehist"] = [
            row for file in content.files for row in histories.amendments(keys.file_key(file.key), file.amendments)
        ]
        return rows

    def _control(self, content: RecordsContent, parts: Mapping[str, bytes], *, transfer: bool) -> Control:
        said = {
            **self._said,
            "year": f"{content.year:04}",
            "key": content.transfer_id,
            "orgCode": content.agency.code,
            # Lists, e-files and the end come as one.
            "workCode": "TRANS_END" if transfer else "PROD_REPORT",
            "workDiv": next(word for word, kind in KINDS.items() if kind == content.kind),
        }
        return Control.of(said, tuple(ListedFile(name, len(data)) for name, data in parts.items()))

    def _missed(
        self, content: RecordsContent, control: Control, parts: Mapping[str, bytes], *, transfer: bool
    ) -> list[Finding]:
        found: list[Finding] = []
        again = self._reading.hand_over(control, parts, {}, found)
        if rejected(found):
            return found
        got = RecordsContent.FromString(again.content)
        return differences.findings_of(content, got, self._lost[transfer])


def said_of(layout: Mapping[str, Any]) -> dict[str, str]:
    """What the manifest lets every control file say."""
    said = {name: layout[name] for name in ("onePlatformYN", "onLineYN", "rcCode") if name in layout}
    for side in ("send", "receive"):
        said |= {f"{side}.{name}": value for name, value in layout.get(side, {}).items()}
    return said


def _content(message: RecordsHandedOver) -> RecordsContent:
    """The lists, when they are what was sealed and can be named. Raises FormatError."""
    digest = hashlib.sha256(message.content).digest()
    if message.HasField("seal") and message.seal.digest != digest:
        raise FormatError([reject("seal-differs", "seal", value=message.seal.digest.hex())])
    try:
        content = RecordsContent.FromString(message.content)
    except DecodeError:
        raise FormatError([reject("value-unmapped", "content", value=digest.hex())]) from None
    faults = []
    if content.kind not in KINDS.values():
        faults.append(reject("value-missing", "kind"))
    if not content.records:
        faults.append(reject("value-missing", "records"))
    if not content.HasField("made_at"):
        faults.append(reject("value-missing", "made_at"))
    if not 0 <= content.year <= 9999 or content.transfer_id != message.transfer_id:
        faults.append(reject("value-not-carried", "transfer_id", value=f"{message.transfer_id} {content.year}"))
    if read_file_name(file_name(content.department.code, "X", "0" * 12)) is None:
        faults.append(reject("pattern-mismatch", "department.code", value=content.department.code))
    if content.kind == HandOverKind.HAND_OVER_KIND_TRANSFER and not message.HasField("seal"):
        faults.append(reject("value-missing", "seal"))
    if faults:
        raise FormatError(faults)
    return content


def _name(content: RecordsContent, kind: str, made: str) -> str:
    """Department, work, moment, and the number: two hand-overs of one second must not take each other's place."""
    number = content.transfer_id if _NUMBER.fullmatch(content.transfer_id) else ""
    return "_".join(each for each in (content.department.code, kind, made, number) if each)


def _end(message: RecordsHandedOver, content: RecordsContent, files: int) -> Values:
    seal = message.seal
    return {
        "전송키": content.transfer_id,
        "기관코드": content.agency.code,
        "기관명": content.agency.name,
        "처리과코드": content.department.code,
        "처리과명": content.department.name,
        "연도": f"{content.year:04}",
        "정정대상": content.corrects_transfer_id,
        "철수": str(len(content.files)),
        "건수": str(len(content.records)),
        "파일수": str(files),
        "봉인값": seal.digest.hex(),
        "봉인일시": keys.stamp(seal.sealed_at),
        "봉인자번호": seal.official_id,
        "봉인자": seal.name,
        "봉인자직위": seal.position,
    }
