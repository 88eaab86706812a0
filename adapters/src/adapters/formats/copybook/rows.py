"""Host records as the rows all record codecs share: tables within a record become fields such as `SIGNER[2].SIGNER-NAME`.

files of an item -> `HostFile` -> rows of flat values by the copybook's names, trailers compared and left out; and back.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, Final

from adapters.formats.copybook.cut import Cut
from adapters.formats.copybook.fields import careful
from adapters.formats.copybook.file import HostFile, HostRecord
from adapters.formats.copybook.framing import split
from adapters.formats.findings import Finding, FormatError, reject, repair
from adapters.formats.rows import DETAIL, HEADER, Cell, CutRow, Row, Value, Values

# What a record of no known kind is called when it is shown.
RECORD: Final = "RECORD"
_TRAILER: Final = "trailer"
_INDEX: Final = re.compile(r"(.+?)\[(\d{1,5})\](?:\.(.+))?")


@dataclass(frozen=True, slots=True)
class Trailer:
    """The kind that closes a file, and what it promises: the number of detail rows, the sum of one of their fields.

    headed: such a file begins with a header, and one without is told.
    """

    kind: str
    count: str = ""
    total: str = ""
    of: str = ""
    headed: bool = False


class HostRows:
    """The codec of a host file for a table of fields.

    Args:
        file: kinds and framing.
        tables: the manifest's table by kind of record; the trailer's kind is left out.
        trailer: what closes a file; None when nothing does.
        lists: tables within records whose entries stay lists of values; all others become fields.
        extension: of written files.

    """

    def __init__(
        self,
        file: HostFile,
        tables: Mapping[str, str],
        trailer: Trailer | None = None,
        *,
        lists: Collection[str] = (),
        extension: str = "dat",
    ) -> None:
        self.file = file
        self._lists = frozenset(lists)
        self._extension = extension
        self._tables = dict(tables)
        self._kinds = {table: kind for kind, table in tables.items()}
        self._trailer = trailer
        self._cuts = {kind: cut for kind, table in tables.items() if table != HEADER and (cut := self._cut(kind))}
        self._amounts: dict[str, tuple[int, Any]] = {}
        for kind, cut in self._cuts.items():
            names = list(cut.readers)
            if trailer is not None and trailer.of in names and self._tables[kind] == DETAIL:
                self._amounts[kind] = names.index(trailer.of), cut.readers[trailer.of]

    def _cut(self, kind: str) -> Cut | None:
        """Give what cuts the records of a kind; tables that become fields are read."""
        cut = self.file.kinds[kind].cut()
        tables = [node.key for node in self.file.kinds[kind].node.walk() if node.occurs is not None]
        return cut if cut is not None and self._lists.issuperset(tables) else None

    def readers(self, table: str) -> Mapping[str, Any]:
        """Cells are the fields' bytes, or numbers; of tables the entries' bytes. None of records that are never cut."""
        cut = self._cuts.get(self._kinds[table])
        return {} if cut is None else cut.readers

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read all records of an item. Raises FormatError when there is none of a known kind."""
        ordinals = count(1)
        for part, data in parts.items():
            known, sums = False, _Sums(self._trailer, findings)
            for (offset, raw, wrong), ordinal in zip(split(data, self.file.framing), ordinals, strict=False):
                kind = self.file.kind_of(raw) if wrong is None else ""
                known = known or bool(kind)
                cells = self._clean(kind, raw, offset, sums)
                if cells is not None:
                    yield CutRow(ordinal, part, offset, raw, self._tables[kind], cells, self._again)
                    continue
                record = (
                    self.file.record(ordinal, offset, raw)
                    if wrong is None
                    else HostRecord(ordinal, offset, raw, "", {}, (wrong,))
                )
                if self._trailer is not None and record.kind == self._trailer.kind:
                    sums.close(record)
                    continue
                table = self._tables.get(record.kind, DETAIL)
                if table == HEADER:
                    sums.headed = True
                else:
                    sums.take(record.offset, record.values, counts=table == DETAIL)
                yield Row(ordinal, part, offset, raw, self._flat(record.values), record.findings, table)
            if not known:
                raise FormatError([reject("layout-unrecognised" if data else "file-empty", part)])
            sums.finish()
        if not parts:
            raise FormatError([reject("file-empty")])

    def _clean(self, kind: str, raw: bytes, offset: int, sums: "_Sums") -> list[Any] | None:
        """Cut a record whose kind is cut, and count it; None for all others."""
        cut = self._cuts.get(kind)
        cells = None if cut is None else cut.cells(raw)
        if cells is None:
            return None
        amount: Any = None
        if (known := self._amounts.get(kind)) is not None:
            at, read = known
            try:
                amount = cells[at] if read is None else read(cells[at])
            except ValueError:
                return None
        sums.add(offset, amount, counts=self._tables[kind] == DETAIL)
        return cells

    def _again(self, row: CutRow) -> Row:
        record = self.file.record(row.ordinal, row.offset, row.raw)
        values = self._flat(record.values)
        return Row(row.ordinal, row.part, row.offset, row.raw, values, record.findings, row.table)

    def _flat(self, values: Mapping[str, Any]) -> Values:
        if not self._lists:
            return flat(values)
        kept = {key: value for key, value in values.items() if key in self._lists}
        return flat({key: value for key, value in values.items() if key not in kept}) | kept

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again: what a reader would find, and what is lost or forbidden."""
        findings: list[Finding] = []
        kind = self._kinds[table]
        try:
            raw = self.file.kinds[kind].write(self._nested(values, kind), report=findings)
        except FormatError as error:
            return values, [*findings, *error.findings]
        read, found = self.file.kinds[kind].read(raw)
        return self._flat(read), [*findings, *found]

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write an item of one file; the trailer is made here. Raises FormatError."""
        records = [(self._kinds[table], self._nested(values, self._kinds[table])) for table, values in rows]
        if self._trailer is not None:
            details = [values for table, values in rows if table == DETAIL]
            records.append((self._trailer.kind, self._closing(details)))
        return {f"{name}.{self._extension}": self.file.write(records)}

    def _closing(self, details: Sequence[Values]) -> dict[str, Any]:
        trailer = self._trailer
        if trailer is None:
            return {}
        values = self.file.mark(trailer.kind)
        if trailer.count:
            values[trailer.count] = len(details)
        if trailer.total:
            values[trailer.total] = sum((_amount(row.get(trailer.of)) for row in details), Decimal(0))
        return values

    def _nested(self, values: Values, kind: str) -> dict[str, Any]:
        return {**nested(values), **self.file.mark(kind)}

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the fields of one record, and what would be written otherwise."""
        del part
        kind = self.file.kind_of(raw)
        if not kind:
            return [Cell(RECORD, 0, raw, None, binary=True)]
        codec = self.file.kinds[kind]
        differences = {each.offset: each for each in codec.differences(raw)}
        out = []
        for place in codec.places(raw):
            part_of = raw[place.offset : place.offset + place.node.size]
            value, found = careful(place.node, part_of, codec.rules, place.offset)
            told = tuple(found) or ((differences[place.offset],) if place.offset in differences else ())
            shown = None if value is None else str(value)
            out.append(Cell(place.key or "FILLER", place.offset, part_of, shown, told, binary=True))
        return out

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always whole."""
        del names
        return True


class _Sums:
    """Counts the details of one file and compares with its trailer."""

    def __init__(self, trailer: Trailer | None, findings: list[Finding]) -> None:
        self.headed = False
        self._trailer = trailer
        self._findings = findings
        self._count, self._total, self._open = 0, Decimal(0), True

    def take(self, offset: int, values: Mapping[str, Any], *, counts: bool) -> None:
        """Count a record with its values."""
        self.add(offset, values.get(self._trailer.of) if self._trailer is not None else None, counts=counts)

    def add(self, offset: int, amount: object, *, counts: bool) -> None:
        """Count a record with its amount."""
        self._open = True
        if not self.headed:
            self.headed = True
            if self._trailer is not None and self._trailer.headed:
                self._findings.append(repair("header-missing", HEADER, offset=offset))
        if counts:
            self._count += 1
            if amount:
                self._total += _amount(amount)

    def close(self, record: HostRecord) -> None:
        """Compare with a trailer."""
        trailer = self._trailer
        if trailer is None:
            return
        self._findings += record.findings
        for code, field, found in (
            ("trailer-count-mismatch", trailer.count, Decimal(self._count)),
            ("trailer-sum-mismatch", trailer.total, self._total),
        ):
            promised = record.values.get(field)
            if field and promised != found:
                params = {"promised": str(promised), "found": str(found)}
                self._findings.append(reject(code, _TRAILER, offset=record.offset, length=None, **params))
        self._count, self._total, self._open = 0, Decimal(0), False

    def finish(self) -> None:
        """Say when the last records had no trailer."""
        if self._trailer is not None and self._open:
            self._findings.append(reject("trailer-missing", _TRAILER))


def _amount(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def flat(values: Mapping[str, Any]) -> dict[str, Value]:
    """Make one level of the values of a record; entries of tables count from 1."""
    out: dict[str, Value] = {}
    for key, value in values.items():
        if not isinstance(value, list):
            out[key] = Decimal(repr(value)) if isinstance(value, float) else value
            continue
        for number, entry in enumerate(value, 1):
            name = f"{key}[{number}]"
            if isinstance(entry, Mapping):
                out |= {f"{name}.{inner}": each for inner, each in flat(entry).items()}
            else:
                out[name] = entry
    return out


def nested(values: Mapping[str, Value]) -> dict[str, Any]:
    """Give flat values the shape of the record again; entries that are missing in between are empty ones."""
    out: dict[str, Any] = {}
    tables: dict[str, dict[int, Any]] = {}
    for key, value in values.items():
        match = _INDEX.fullmatch(key)
        if match is None:
            out[key] = value
            continue
        entries = tables.setdefault(match[1], {})
        if match[3] is None:
            entries[int(match[2])] = value
        else:
            entries.setdefault(int(match[2]), {})[match[3]] = value
    for key, entries in tables.items():
        most = max(entries)
        inner = {place: nested(each) if isinstance(each, dict) else each for place, each in entries.items()}
        groups = any(isinstance(each, dict) for each in inner.values())
        out[key] = [inner.get(place, {} if groups else None) for place in range(1, min(most, 99_999) + 1)]
    return out
