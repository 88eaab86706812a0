"""Items of record files with a control file as the rows all record codecs share; and back.

control file -> header row -> each listed file, by the job in its name -> rows of that job's table. A file the list does not
confirm gives refused rows only: whether list or file is wrong nobody can tell.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from adapters.formats.control.check import CONTROL, check
from adapters.formats.control.model import FIELDS, Control, ListedFile
from adapters.formats.control.names import file_name, read_file_name
from adapters.formats.control.read import read_control
from adapters.formats.control.write import write_control
from adapters.formats.delimited import DelimitedRows, Dialect
from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.formats.rows import HEADER, Cell, Row, Values

# What a header row holds beside the control file's own values: both stand in the names of the files.
UNIT, MADE = "unit", "made"


class ControlledRows:
    """The codec of such items (`rows.Codec`).

    Args:
        dialects: by table.
        jobs: the job of each table, as it stands in the names of its files.
        said: values of the control file (`model.FIELDS`) that are always written. read: those a header table takes.

    """

    def __init__(
        self,
        dialects: Mapping[str, Dialect],
        jobs: Mapping[str, str],
        *,
        said: Mapping[str, str],
        read: Sequence[str] = (),
    ) -> None:
        self._jobs = dict(jobs)
        self._tables = {job: table for table, job in jobs.items()}
        self._said = dict(said)
        self._taken = frozenset(read)
        self._records = DelimitedRows(
            dialects, files={table: f"*_{job}_*" for table, job in jobs.items()}, extension="txt"
        )

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read the records of all files of the list. Raises FormatError when there is no list that can be read."""
        name = next((each for each in parts if each.lower() == CONTROL), "")
        if not name:
            raise FormatError([reject("part-missing", CONTROL, name=CONTROL)])
        control, noticed = read_control(parts[name], name)
        faults = check(control, parts, name)
        findings += noticed
        findings += [fault for part, fault in faults.items() if part not in parts]
        findings += self._unused(control)
        order = [*dict.fromkeys(file.name for file in control.files), *(part for part in parts if part in faults)]
        names = [part for part in dict.fromkeys(order) if part in parts and part != name]
        yield self._header(control, names, name)
        for ordinal, row in enumerate(self._rows(parts, names, faults, findings), 1):
            row.ordinal = ordinal
            yield row

    def _header(self, control: Control, names: Sequence[str], part: str) -> Row:
        first = next((found for each in names if (found := read_file_name(each))), None)
        values: dict[str, str] = control.values()
        if first is not None:
            values |= {UNIT: first.unit, MADE: first.made}
        return Row(0, part, 0, b"", values, (), HEADER)

    def _unused(self, control: Control) -> Iterator[Finding]:
        """Tell values nobody takes and nobody would write."""
        for field, value in control.values().items():
            if field not in self._taken and value and value != self._said.get(field, ""):
                yield loss("control-value-unused", field, value=value)

    def _rows(
        self, parts: Mapping[str, bytes], names: Sequence[str], faults: Mapping[str, Finding], findings: list[Finding]
    ) -> Iterator[Row]:
        for part in names:
            data, fault, found = parts[part], faults.get(part), read_file_name(part)
            if found is None or found.job not in self._tables:
                yield _refused(part, data, fault or reject("part-unknown", part, name=part))
                continue
            if not data and fault is None:
                # The list confirms it: there is nothing to tell.
                continue
            try:
                for row in self._records.file(part, data, findings):
                    if fault is not None:
                        row = Row(0, part, row.offset, row.raw, {}, (*row.findings, fault), row.table)  # noqa: PLW2901
                    yield row
            except FormatError as error:
                yield _refused(part, data, *error.findings, *([fault] if fault else []))

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again."""
        if table != HEADER:
            return self._records.settle(values, table)
        texts = {field: str(value or "") for field, value in values.items()}
        try:
            read, findings = read_control(write_control(Control.of({**self._said, **texts}, ())), CONTROL)
        except FormatError as error:
            return values, list(error.findings)
        name = file_name(texts.get(UNIT, ""), "X", texts.get(MADE, ""))
        if read_file_name(name) is None:
            findings.append(reject("part-unknown", MADE, name=name))
        again = read.values()
        return {field: again.get(field, value) for field, value in values.items()}, findings

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write the files and their list, which comes last. Raises FormatError."""
        head = {field: str(value or "") for table, values in rows if table == HEADER for field, value in values.items()}
        by_table: dict[str, list[Values]] = {}
        for table, values in rows:
            if table != HEADER:
                by_table.setdefault(table, []).append(values)
        files = {
            file_name(head.get(UNIT, ""), self._jobs[table], head.get(MADE, "")): self._records.bytes_of(table, found)
            for table, found in by_table.items()
        }
        said = {"key": name, **self._said, **{field: value for field, value in head.items() if field in FIELDS}}
        listed = tuple(ListedFile(each, len(data), self._said.get("path", "")) for each, data in files.items())
        return {**files, CONTROL: write_control(Control.of(said, listed))}

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show a row's cells."""
        return self._records.cells(raw, part)

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether the control file is there, which is written last; that the files fit it, `read` tells."""
        return any(name.lower() == CONTROL for name in names)


def _refused(part: str, data: bytes, *faults: Finding) -> Row:
    """Make one refused row of a file that is not read."""
    said = tuple(dataclasses.replace(fault, offset=0, length=len(data)) for fault in faults)
    return Row(0, part, 0, data, {}, said)
