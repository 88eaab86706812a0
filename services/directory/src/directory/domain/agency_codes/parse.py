"""Bytes of public tables of agency codes in, one table out: every line becomes a row, every oddity a finding.

CP949, tab-separated, no quoting. Neither tab nor line feed can be the second byte of a CP949 character, so the bytes are
cut first and decoded cell by cell: one damaged cell spoils no other.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from directory.domain.agency_codes import relations
from directory.domain.agency_codes.cells import Cells, Report, readable
from directory.domain.agency_codes.columns import KINDS, STANDARD, Column
from directory.domain.agency_codes.rows import CodeFinding, CodeRow, Table
from directory.domain.records import ROOT_CODE

CHARSET = "cp949"
_MARK = b"\xef\xbb\xbf"
_STATUS = {"0": False, "1": True, "존재": False, "현존": False, "폐지": True}


def parse(data: bytes, *more: bytes) -> Table:
    """Reads one table, or several that belong together (regions): codes of one may name codes of another."""
    rows: list[CodeRow] = []
    findings: list[CodeFinding] = []
    for number, content in enumerate((data, *more)):
        reader = _File(content, number)
        rows.extend(reader.rows())
        findings.extend(reader.findings)
    findings.extend(relations.findings(rows))
    return Table(tuple(rows), tuple(sorted(findings, key=lambda finding: (finding.file, finding.line))))


class _File:
    """One file while it is read."""

    def __init__(self, data: bytes, number: int) -> None:
        self.findings: list[CodeFinding] = []
        self._number = number
        self._charset = CHARSET
        self._lines = data.removeprefix(_MARK).rstrip(b"\x1a").split(b"\n")
        first = self._lines[0].rstrip(b"\r")
        if Column.CODE.encode() in first or data.startswith(_MARK):
            self._charset = "utf-8"
            self._find(1, "charset-differs", declared=CHARSET, found=self._charset)
        self._header = first.decode(self._charset, "surrogateescape").split("\t")
        self._headed = Column.CODE in (heading.strip() for heading in self._header)

    def rows(self) -> Iterator[CodeRow]:
        """All rows; findings gather beside them."""
        columns = self._columns()
        for line, raw in enumerate(self._lines, 1):
            content = raw.rstrip(b"\r")
            if (line == 1 and self._headed) or (line == len(self._lines) and not content):
                continue
            if not content.strip():
                self._find(line, "blank-line")
                continue
            yield self._row(line, content, columns)

    def _columns(self) -> Sequence[Column | None]:
        """Columns by place, as the file has them; None for those that are not ours."""
        if not self._headed:
            self._find(1, "header-missing")
            return STANDARD
        headings = [heading.strip() for heading in self._header]
        for column in STANDARD:
            if column not in headings:
                self._find(1, "column-missing", column=column)
        for heading in headings:
            if heading not in STANDARD:
                self._find(1, "column-unknown", column=readable(heading))
        return [Column(heading) if heading in STANDARD else None for heading in headings]

    def _row(self, line: int, raw: bytes, columns: Sequence[Column | None]) -> CodeRow:
        whole = True
        try:
            cells = raw.decode(self._charset).split("\t")
        except UnicodeDecodeError:
            whole = False
            cells = [cell.decode(self._charset, "surrogateescape") for cell in raw.split(b"\t")]
        by_column = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
        unit = readable(by_column.get(Column.CODE, "")).strip()
        if len(cells) != len(columns):
            self._find(line, "cell-count", unit, expected=str(len(columns)), found=str(len(cells)))
        for column, cell in by_column.items() if not whole else ():
            if readable(cell) != cell:
                self._find(line, "undecodable-bytes", unit, column, value=readable(cell))

        def report(code: str, column: Column, params: Mapping[str, str]) -> None:
            self._find(line, code, unit, column, **params)

        return _row(Cells(by_column, report), report, (self._number, line), tuple(cells))

    def _find(self, line: int, finding: str, unit: str = "", at: str = "", **params: str) -> None:
        self.findings.append(CodeFinding(finding, line, at, params, unit, self._number))


def _row(read: Cells, report: Report, place: tuple[int, int], cells: tuple[str, ...]) -> CodeRow:
    code = read.code(Column.CODE)
    if not code:
        report("blank-code", Column.CODE, {})
    created, abolished_on = read.day(Column.CREATED), read.day(Column.ABOLISHED_ON)
    abolished = _abolished(read.text(Column.STATUS), abolished_on, report)
    if created and abolished_on and abolished and abolished_on < created:
        report("ends-before-it-begins", Column.ABOLISHED_ON, {"begins": str(created), "ends": str(abolished_on)})
    large, middle, small = (read.text(column) for column in KINDS)
    return CodeRow(
        code=code,
        full_name=read.required(Column.FULL_NAME, "blank-name"),
        name=read.required(Column.NAME, "blank-name"),
        level=read.number(Column.LEVEL),
        order=read.number(Column.ORDER),
        agency_level=read.number(Column.AGENCY_LEVEL),
        parent_code=_parent(read.code(Column.PARENT), report),
        top_code=read.code(Column.TOP),
        representative_code=read.code(Column.REPRESENTATIVE),
        kind=(large, middle, small),
        postcode=read.postcode(Column.POSTCODE),
        administrative_area=read.area(Column.ADMINISTRATIVE_AREA),
        location=read.area(Column.LOCATION),
        address=read.address(Column.ADDRESS),
        lot_number=read.text(Column.LOT_NUMBER),
        telephone=read.text(Column.TELEPHONE),
        fax=read.text(Column.FAX),
        created=created,
        abolished_on=abolished_on if abolished else None,
        changed=read.day(Column.CHANGED),
        abolished=abolished,
        predecessor_codes=read.codes(Column.PREDECESSORS),
        line=place[1],
        cells=cells,
        file=place[0],
    )


def _parent(code: str, report: Report) -> str:
    """Parent's code, '' at the top of a government (0000000)."""
    if not code:
        report("blank-parent", Column.PARENT, {})
    return "" if code == ROOT_CODE else code


def _abolished(status: str, day: date | None, report: Report) -> bool:
    """Whether the unit is gone. The mark decides; only where it says nothing readable, the day of abolition does."""
    if status not in _STATUS:
        report("unknown-status", Column.STATUS, {"value": status})
        return day is not None
    if _STATUS[status] and day is None:
        report("abolished-without-date", Column.ABOLISHED_ON, {})
    if not _STATUS[status] and day is not None:
        report("alive-with-abolition-date", Column.ABOLISHED_ON, {"day": str(day)})
    return _STATUS[status]
