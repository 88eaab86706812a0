"""Rows of the lists <-> parts of `RecordsContent`: files, records, distributions, by the manifest's tables and `keys`."""

from collections.abc import Mapping
from typing import Any

from adapters.agencies.records_system import keys
from adapters.canonical import moments
from adapters.canonical.tabular.cells import ODD
from adapters.canonical.tabular.table import Table
from adapters.formats.findings import Finding, reject
from adapters.formats.rows import Values
from adapters.manifest import Manifest
from onnara.exchange.v1.records_pb2 import Distribution, RecordFile, RecordForm, RecordItem, RecordsContent

_PLAIN, _CHANGED, _CANCELLED = "0", "1", "9"


class Entries:
    """Both directions of the three lists that are tables."""

    def __init__(self, manifest: Manifest) -> None:
        self._files = Table(manifest, manifest.tables["gfile"], RecordFile)
        self._records = Table(manifest, manifest.mapping, RecordItem)
        self._distributions = Table(manifest, manifest.tables["disthist"], Distribution)

    def file_row(self, file: RecordFile, content: RecordsContent, findings: list[Finding]) -> Values:
        """The row of a file."""
        values = _taken(self._files, file, findings)
        values |= {
            "처리과명": content.department.name,
            "기록물구분": values["기록물형태"],
            "수정여부": "Y" if file.amendments else "N",
        }
        return values

    def file(self, values: Values, findings: list[Finding]) -> RecordFile:
        """The file of a row."""
        found: RecordFile = _filled(self._files, RecordFile(), values, findings)
        found.code = keys.file_key(found.key)[:-3]
        return found

    def record_row(self, record: RecordItem, findings: list[Finding]) -> Values:
        """The row of a record."""
        values = _taken(self._records, record, findings)
        year = f"{record.registration.year:04}"
        if record.registration.date[:4] != year:
            # The register has one column for both.
            findings.append(reject("value-not-carried", "registration.year", value=year))
        changed = _CHANGED if record.amendments else _PLAIN
        values |= {
            "등록번호": keys.number_of(record),
            "결재권자": keys.person(record.approver, record.approver_position),
            "기안자": keys.person(record.drafter, record.drafter_position),
            "분류번호": keys.file_key(record.file),
            "특수기록물": "Y" if record.special_listings else "N",
            # The register has these two for audiovisual records only.
            "요약": values["요약"] if _is_audiovisual(record) else "",
            "시청각종류": values["시청각종류"] if _is_audiovisual(record) else "",
            "수정구분": _CANCELLED if record.cancelled else changed,
        }
        return values

    def record(self, values: Values, department: str, findings: list[Finding]) -> RecordItem:
        """The record of a row. department: name of the one that hands over, for its number as printed."""
        found: RecordItem = _filled(self._records, RecordItem(), values, findings)
        number = _text(values, "등록번호")
        serial = keys.read_number(number)
        if serial is None:
            findings.append(reject("pattern-mismatch", "등록번호", value=number))
            serial = 0
        day = found.registration.date
        found.registration.year = int(day[:4]) if day else 0
        found.registration.serial = serial
        found.registration.text = f"{department}-{serial}"
        found.approver, found.approver_position = keys.read_person(_text(values, "결재권자"))
        found.drafter, found.drafter_position = keys.read_person(_text(values, "기안자"))
        if said := _text(values, "분류번호"):
            key = keys.read_file_key(said)
            if key is None:
                findings.append(reject("pattern-mismatch", "분류번호", value=said))
            else:
                found.file.CopyFrom(key)
        changed = _text(values, "수정구분")
        if changed not in {_PLAIN, _CHANGED, _CANCELLED}:
            findings.append(reject("code-unknown", "수정구분", value=changed))
        found.cancelled = changed == _CANCELLED
        return found

    def distribution_row(self, line: Distribution, content: RecordsContent, findings: list[Finding]) -> Values:
        """The row of a line of the 배부대장."""
        values = _taken(self._distributions, line, findings)
        if line.HasField("distributed_at"):
            # Days of lines are of their year.
            values["배부연도"] = f"{moments.korean(line.distributed_at).year:04}"
        values |= {
            "처리과코드": content.department.code,
            "배부일시": keys.short(line.distributed_at) if line.HasField("distributed_at") else "",
            "접수일시": keys.short(line.accepted_at) if line.HasField("accepted_at") else "",
        }
        return values

    def distribution(self, values: Values, findings: list[Finding]) -> Distribution:
        """The line of a row; its days are of its year, or, accepted before it was distributed, of the next."""
        found: Distribution = _filled(self._distributions, Distribution(), values, findings)
        for column, name in (("배부일시", "distributed_at"), ("접수일시", "accepted_at")):
            said = _text(values, column)
            if not said:
                continue
            moment = keys.read_short(said, found.year)
            if moment is not None and name == "accepted_at" and moment.seconds < found.distributed_at.seconds:
                moment = keys.read_short(said, found.year + 1)
            if moment is None:
                findings.append(reject("date-invalid", column, value=said))
            else:
                getattr(found, name).CopyFrom(moment)
        return found


def _is_audiovisual(record: RecordItem) -> bool:
    return record.form in {RecordForm.RECORD_FORM_PHOTOGRAPH, RecordForm.RECORD_FORM_AUDIOVISUAL}


def _taken(table: Table, part: Any, findings: list[Finding]) -> dict[str, Any]:
    values, found = table.values(part)
    findings += found
    return values


def _filled(table: Table, part: Any, values: Mapping[str, Any], findings: list[Finding]) -> Any:
    try:
        ready = table.plain(values)
    except ODD:
        ready, found = table.carefully(values)
        findings += found
    try:
        table.fill(part, ready, values)
    except ValueError as error:
        findings.append(reject("value-unmapped", None, value=str(error)))
    return part


def _text(values: Values, column: str) -> str:
    return str(values.get(column) or "").strip()
