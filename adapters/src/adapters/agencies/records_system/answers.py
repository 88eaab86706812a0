"""What the records system answers: PROD_ACCEPT and PROD_RETURN records <-> `HandOverAnswered`.

One line accepts a hand-over; a returned one has a line for the whole (A) and one for each fault of a record (D) or file (F).
Lines that follow one another and name the same hand-over are one answer.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.agencies.records_system import keys
from adapters.agencies.records_system.reading import KINDS
from adapters.contract import Record
from adapters.formats.control import Control
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.rows import Row, Values
from onnara.exchange.v1.records_pb2 import HandOverAnswered, HandOverOutcome, RecordFault

NO_FAULT: Final = "00000"
_WHOLE, _RECORD, _FILE = "A", "D", "F"
ACCEPTED, RETURNED = HandOverOutcome.HAND_OVER_OUTCOME_ACCEPTED, HandOverOutcome.HAND_OVER_OUTCOME_RETURNED


class Answers:
    """Both directions. meanings: our words for the codes of faults that are known."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._meanings = meanings

    def read(self, part: str, data: bytes, rows: Iterator[Row], control: Control, job: str) -> Iterator[Record]:
        """The answers of a file. A line that cannot be read is refused alone."""
        group: list[Row] = []
        for row in rows:
            if rejected(row.findings):
                yield Record(0, part, row.offset, row.raw, "", None, row.findings)
                continue
            if group and (job == "PROD_ACCEPT" or _key(group[0].values) != _key(row.values)):
                yield self._record(part, data, group, control, job)
                group = []
            group.append(row)
        if group:
            yield self._record(part, data, group, control, job)

    def _record(self, part: str, data: bytes, group: list[Row], control: Control, job: str) -> Record:
        begin, end = group[0].offset, group[-1].offset + len(group[-1].raw)
        findings = [finding for row in group for finding in row.findings]
        message = HandOverAnswered(outcome=ACCEPTED if job == "PROD_ACCEPT" else RETURNED, kind=KINDS[control.work_div])
        message.origin.agency_code = control.org_code
        self._whole(group[0].values, message, findings)
        for row in group:
            self._line(row.values, message, job, findings)
        faults = [_at(each, begin, end) for each in findings]
        key = "/".join((message.transfer_id, *_key(group[0].values)[1:], job, _text(group[0].values, "처리일시")))
        message.origin.natural_key = key
        return Record(0, part, begin, data[begin:end], key, None if rejected(faults) else message, tuple(faults))

    def _whole(self, values: Values, message: HandOverAnswered, findings: list[Finding]) -> None:
        message.transfer_id, message.department_code = _text(values, "전송키"), _text(values, "처리과코드")
        for column, name in (("전송일시", "made_at"), ("처리일시", "happened_at")):
            said = _text(values, column)
            moment = keys.read_stamp(said)
            if moment is not None:
                getattr(message, name).CopyFrom(moment)
            elif said or name == "happened_at":
                findings.append(reject("date-invalid", column, value=said))
        if not message.transfer_id and not message.HasField("made_at"):
            # Nothing tells which hand-over it answers.
            findings.append(reject("value-missing", "전송키"))

    def _line(self, values: Values, message: HandOverAnswered, job: str, findings: list[Finding]) -> None:
        code, reason = _text(values, "결과코드"), _text(values, "사유")
        if (code == NO_FAULT) != (job == "PROD_ACCEPT"):
            findings.append(reject("answer-contradictory", "결과코드", job=job, value=code))
        if keys.read_stamp(_text(values, "처리일시")) != message.happened_at and message.HasField("happened_at"):
            findings.append(reject("answer-contradictory", "처리일시", job=job, value=_text(values, "처리일시")))
        about = _text(values, "대상구분") if job == "PROD_RETURN" else _WHOLE
        if about == _WHOLE:
            message.code, message.reason = code, reason
            return
        if about not in {_RECORD, _FILE}:
            findings.append(reject("code-unknown", "대상구분", value=about))
            return
        fault = RecordFault(code=code, reason=reason, field=_text(values, "항목"))
        said = _text(values, "대상키")
        key = keys.read_fault_key(said) if about == _RECORD else keys.read_fault_file(said)
        if key is None:
            # Nobody could tell which record it is about.
            findings.append(reject("pattern-mismatch", "대상키", value=said))
            return
        setattr(fault, "registration_key" if about == _RECORD else "file_code", key)
        if code in self._meanings:
            fault.meaning.code = self._meanings[code]
        message.faults.append(fault)

    def write(self, message: HandOverAnswered) -> tuple[str, list[Values]]:
        """The job and its lines. Raises FormatError for what they cannot say."""
        job = {ACCEPTED: "PROD_ACCEPT", RETURNED: "PROD_RETURN"}.get(message.outcome, "")
        if not job or message.kind not in KINDS.values():
            raise FormatError([reject("value-missing", "outcome" if not job else "kind")])
        if not message.HasField("happened_at"):
            raise FormatError([reject("value-missing", "happened_at")])
        whole = {
            "처리과코드": message.department_code,
            # Of production; an answer says only when it was handed over.
            "연도": "",
            "전송키": message.transfer_id,
            "전송일시": keys.stamp(message.made_at) if message.HasField("made_at") else "",
            "처리일시": keys.stamp(message.happened_at),
        }
        lines: list[Values] = []
        if job == "PROD_ACCEPT":
            return job, [{**whole, "결과코드": message.code, "사유": message.reason}]
        if message.code or message.reason or not message.faults:
            lines.append({**whole, "대상구분": _WHOLE, "결과코드": message.code, "사유": message.reason})
        lines += [{**whole, **_fault(each)} for each in message.faults]
        return job, lines


def _fault(fault: RecordFault) -> Values:
    about = {"대상구분": _FILE, "대상키": fault.file_code}
    if fault.registration_key or not fault.file_code:
        about = {"대상구분": _RECORD, "대상키": keys.fault_key(fault.registration_key)}
    return {**about, "항목": fault.field, "결과코드": fault.code, "사유": fault.reason}


def _key(values: Values) -> tuple[str, ...]:
    return tuple(_text(values, column) for column in ("전송키", "처리과코드", "전송일시"))


def _at(finding: Finding, begin: int, end: int) -> Finding:
    if finding.offset is not None:
        return finding
    return Finding(finding.code, finding.field, begin, end - begin, finding.params, finding.severity)


def _text(values: Values, column: str) -> str:
    return str(values.get(column) or "").strip()
