"""Answer records and `ResultReported`, both ways, steps with their opinions included."""

from collections.abc import Mapping
from typing import Any

from adapters.agencies.moct_roads.line import Line
from adapters.agencies.moct_roads.moments import read_day, read_moment, write_day, write_moment
from adapters.agencies.moct_roads.requests import Chosen, Made, Values
from adapters.contract import Item
from adapters.formats.copybook import HostFile, HostRecord
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.manifest import Manifest
from onnara.exchange.v1 import events_pb2
from onnara.exchange.v1.events_pb2 import ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification


class Results:
    """Both directions of the answer record."""

    def __init__(self, manifest: Manifest, file: HostFile, line: Line) -> None:
        self._file = file
        self._line = line
        self._system = manifest.system
        self._agency = manifest.agency_codes[0]
        self._statuses: dict[str, Any] = {
            code: events_pb2.RequestStatus.Value(word) for code, word in manifest.codes("status").items()
        }

    def message(self, record: HostRecord, header: Mapping[str, Any]) -> tuple[str, ResultReported, list[Finding]]:
        """Make the message of a record; answers its natural key and what forbids using it, too."""
        values = record.values
        result = ResultReported()
        if rejected(record.findings):
            return "", result, []
        faults: list[Finding] = []
        status = self._statuses.get(values["STATUS"])
        if status is None:
            faults.append(reject("code-unknown", "STATUS", offset=record.offset, value=values["STATUS"]))
        else:
            result.status = status
        if not values["REQUEST-NO"]:
            faults.append(reject("value-missing", "REQUEST-NO", offset=record.offset))
        result.title = values["TITLE"]
        origin = result.origin
        origin.system, origin.natural_key = self._system, values["REQUEST-NO"]
        origin.agency_code = header.get("AGENCY-CODE", "")
        origin.notification = Notification.NOTIFICATION_FINAL
        faults += self._line.put(values["SIGNER"], result.steps, record.offset)
        for field, put in (("REPORTED-AT", self._reported), ("REG-DATE", self._registered)):
            try:
                put(result, values)
            except ValueError:
                faults.append(reject("date-invalid", field, offset=record.offset, value=str(values[field])))
        return f"{origin.natural_key}:{values['STATUS']}:{values['REPORTED-AT']}", result, faults

    def _reported(self, result: ResultReported, values: Mapping[str, Any]) -> None:
        if (moment := read_moment(values["REPORTED-AT"])) is not None:
            result.reported_at.FromDatetime(moment)

    def _registered(self, result: ResultReported, values: Mapping[str, Any]) -> None:
        if values["REG-YEAR"] or values["REG-SERIAL"]:
            number = result.registration
            number.department_code, number.text = values["REG-DEPT-CODE"], values["REG-TEXT"]
            number.year, number.serial = values["REG-YEAR"], values["REG-SERIAL"]
            number.date = read_day(values["REG-DATE"])

    def encode(self, chosen: Chosen) -> Made:
        """Write one small file an answer, named after its request."""
        items: list[Item] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in chosen:
            result = outgoing.message
            if not isinstance(result, ResultReported):
                continue
            report: list[Finding] = []
            try:
                values = self._values(result)
                data = self._file.write(
                    [("HEADER-REC", self._header(result)), ("RESULT-REC", values), ("TRAILER-REC", _TRAILER)],
                    report=report,
                )
                report += self._left_behind(result, values)
            except FormatError as error:
                refused[index] = error.findings
                continue
            except ValueError as error:
                refused[index] = (reject("value-unmapped", str(error.args[0]), value=str(error.args[-1])),)
                continue
            findings += report
            name = outgoing.name or f"MOCTR{values['REQUEST-NO']}{values['STATUS']}"
            items.append(Item(f"{name}.ebc", {f"{name}.ebc": data}))
        return items, findings, refused

    def _header(self, result: ResultReported) -> Values:
        return {
            "REC-TYPE": "10",
            "BATCH-NO": 0,
            "SYSTEM-ID": self._system,
            "AGENCY-CODE": result.origin.agency_code or self._agency,
            "MADE-AT": write_moment(result.reported_at) if result.HasField("reported_at") else 0,
            "NOTIFY-FLAG": "F",
        }

    def _values(self, result: ResultReported) -> Values:
        if not result.origin.natural_key:
            raise FormatError([reject("natural-key-unreadable", "origin.natural_key", value="")])
        code = next((code for code, number in self._statuses.items() if number == result.status), "")
        if not code:
            raise ValueError("STATUS", events_pb2.RequestStatus.Name(result.status))
        number = result.registration
        try:
            day = write_day(number.date)
        except ValueError:
            raise ValueError("REG-DATE", number.date) from None
        return {
            "REC-TYPE": "30",
            "REQUEST-NO": result.origin.natural_key,
            "STATUS": code,
            "REPORTED-AT": write_moment(result.reported_at) if result.HasField("reported_at") else 0,
            "REG-DEPT-CODE": number.department_code,
            "REG-YEAR": number.year,
            "REG-SERIAL": number.serial,
            "REG-DATE": day,
            "REG-TEXT": number.text,
            "TITLE": result.title,
            "SIGNER": self._line.take(result.steps, answer=True),
        }

    def _left_behind(self, wanted: ResultReported, values: Values) -> list[Finding]:
        """Name what the record does not hold as it was. Raises FormatError when it cannot be read back at all."""
        raw = self._file.kinds["RESULT-REC"].write(values)
        read = self._file.record(1, 0, raw)
        _, got, faults = self.message(read, {})
        if rejected([*faults, *read.findings]):
            raise FormatError([*faults, *read.findings])
        return [
            loss("value-not-carried", name, value=str(getattr(wanted, name)))
            for name in ("registration", "title")
            if getattr(wanted, name) != getattr(got, name)
        ]


_TRAILER = {"REC-TYPE": "90", "REQUEST-COUNT": 0, "COST-TOTAL": 0}
