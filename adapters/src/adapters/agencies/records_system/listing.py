"""The lists of a hand-over as files: which there are, their columns, their bytes. Rows by list -> files, files -> rows."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from adapters.formats.control import file_name, read_file_name
from adapters.formats.delimited import Column, DelimitedRows, Dialect
from adapters.formats.findings import Finding, FormatError
from adapters.formats.rows import DETAIL, Cell, Row, Values
from adapters.manifest import Manifest

Rows = Mapping[str, Sequence[Values]]
PRODUCTION, TRANSFER = "PROD", "TRANS"
# List of the manifest -> end of the job's name, in the order the records system wants them; e-files come before the last.
LISTS: Final[Mapping[str, str]] = {
    "gfile": "GFILE",
    DETAIL: "DOC",
    "page": "PAGE",
    "gfilehist": "GFILEHIST",
    "dochist": "DOCHIST",
    "sprecord": "SPRECORD",
    "disthist": "DISTHIST",
    "efile": "EFILE",
    "end": "END",
}
# Jobs of what comes in -> list of the manifest.
INWARD: Final[Mapping[str, str]] = {
    "PROD_ACCEPT": "accept",
    "PROD_RETURN": "return",
    "NEW_UNIT_FILE": "unit_file",
    "NEW_CLASS_FILE": "class_file",
}


class Listing:
    """Files of lists, both directions."""

    def __init__(self, manifest: Manifest) -> None:
        self._codecs = {}
        self.labels: dict[str, str] = {}
        self._jobs = dict(INWARD)
        for kind in (PRODUCTION, TRANSFER):
            self._jobs |= {f"{kind}_{job}": name for name, job in LISTS.items()}
        for name in dict.fromkeys(self._jobs.values()):
            entries = manifest.mapping if name == DETAIL else manifest.tables[name]
            columns = tuple(Column(entry["field"]) for entry in entries)
            dialect = Dialect(columns, b"\0", b"", header=False, guard=False, newline="lf")
            self._codecs[name] = DelimitedRows({name: dialect}, extension="txt")
            self.labels |= {entry["field"]: entry["label"] for entry in entries}

    def job_of(self, part: str) -> str:
        """The job a file is of, by its name; empty when it is none."""
        found = read_file_name(part)
        return found.job if found is not None and found.job in self._jobs else ""

    def write(self, rows: Rows, unit: str, kind: str, made: str) -> dict[str, bytes]:
        """Write the lists that have rows, in their order. Raises FormatError, naming the list with the column."""
        files: dict[str, bytes] = {}
        faults: list[Finding] = []
        for name, job in LISTS.items():
            if not rows.get(name):
                continue
            try:
                files[file_name(unit, f"{kind}_{job}", made)] = self._codecs[name].bytes_of(name, rows[name])
            except FormatError:
                faults += self._faults(name, job, rows[name])
        if faults:
            raise FormatError(faults)
        return files

    def _faults(self, name: str, job: str, rows: Sequence[Values]) -> Iterator[Finding]:
        """Say in which rows they are: DOC[17].제목."""
        for place, row in enumerate(rows, 1):
            try:
                self._codecs[name].bytes_of(name, [row])
            except FormatError as error:
                yield from (dataclasses.replace(each, field=f"{job}[{place}].{each.field}") for each in error.findings)

    def write_answer(self, job: str, rows: Sequence[Values]) -> bytes:
        """Write the records of an answer. Raises FormatError."""
        name = INWARD[job]
        return self._codecs[name].bytes_of(name, rows)

    def read(self, part: str, data: bytes, findings: list[Finding]) -> Iterator[Row]:
        """Read the rows of a file of a known job. Raises FormatError."""
        name = self._jobs[self.job_of(part)]
        return self._codecs[name].file(part, data, findings)

    def list_of(self, part: str) -> str:
        """The list a file of a known job belongs to."""
        return self._jobs[self.job_of(part)]

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the columns of a row, or of the first row of a file."""
        job = self.job_of(part)
        if not job:
            return ()
        return self._codecs[self._jobs[job]].cells(raw.partition(b"\n")[0], part)
