"""Host records as the rows all record codecs share: tables within a record become fields such as `SIGNER[2].SIGNER-NAME`.

files of an item -> `HostFile` -> rows of flat values by the copybook's names, trailers compared and left out; and back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, Final

from adapters.formats.copybook.fields import careful
from adapters.formats.copybook.file import HostFile, HostRecord
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.rows import DETAIL, Cell, Row, Value, Values

_INDEX: Final = re.compile(r"(.+?)\[(\d{1,5})\](?:\.(.+))?")


@dataclass(frozen=True, slots=True)
class Trailer:
    """The kind that closes a file, and what it promises: the number of detail rows, the sum of one of their fields."""

    kind: str
    count: str = ""
    total: str = ""
    of: str = ""


class HostRows:
    """The codec of a host file for a table of fields.

    Args:
        file: kinds and framing.
        tables: the manifest's table by kind of record; the trailer's kind is left out.
        trailer: what closes a file; None when nothing does.

    """

    def __init__(self, file: HostFile, tables: Mapping[str, str], trailer: Trailer | None = None) -> None:
        self._file = file
        self._tables = dict(tables)
        self._kinds = {table: kind for kind, table in tables.items()}
        self._trailer = trailer

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read all records of an item. Raises FormatError when there is none of a known kind."""
        ordinals = count(1)
        for part, data in parts.items():
            known, sums = False, _Sums(self._trailer, findings)
            for record, ordinal in zip(self._file.read(data), ordinals, strict=False):
                known = known or bool(record.kind)
                if self._trailer is not None and record.kind == self._trailer.kind:
                    sums.close(record)
                    continue
                table = self._tables.get(record.kind, DETAIL)
                if table == DETAIL:
                    sums.take(record)
                yield Row(ordinal, part, record.offset, record.raw, flat(record.values), record.findings, table)
            if not known:
                raise FormatError([reject("layout-unrecognised" if data else "file-empty", part)])
            sums.finish()
        if not parts:
            raise FormatError([reject("file-empty")])

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again: what a reader would find, and what is lost or forbidden."""
        findings: list[Finding] = []
        kind = self._kinds[table]
        try:
            raw = self._file.kinds[kind].write(self._nested(values, kind), report=findings)
        except FormatError as error:
            return values, [*findings, *error.findings]
        read, found = self._file.kinds[kind].read(raw)
        return flat(read), [*findings, *found]

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write an item of one file; the trailer is made here. Raises FormatError."""
        records = [(self._kinds[table], self._nested(values, self._kinds[table])) for table, values in rows]
        if self._trailer is not None:
            details = [values for table, values in rows if table == DETAIL]
            records.append((self._trailer.kind, self._closing(details)))
        return {f"{name}.dat": self._file.write(records)}

    def _closing(self, details: Sequence[Values]) -> dict[str, Any]:
        trailer = self._trailer
        if trailer is None:
            return {}
        values = self._file.mark(trailer.kind)
        if trailer.count:
            values[trailer.count] = len(details)
        if trailer.total:
            values[trailer.total] = sum((_amount(row.get(trailer.of)) for row in details), Decimal(0))
        return values

    def _nested(self, values: Values, kind: str) -> dict[str, Any]:
        return {**nested(values), **self._file.mark(kind)}

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the fields of one record, and what would be written otherwise."""
        del part
        kind = self._file.kind_of(raw)
        if not kind:
            return [Cell("", 0, raw, None, binary=True)]
        codec = self._file.kinds[kind]
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
        self._trailer = trailer
        self._findings = findings
        self._count, self._total, self._open = 0, Decimal(0), True

    def take(self, record: HostRecord) -> None:
        self._open = True
        self._count += 1
        if self._trailer is not None and self._trailer.of:
            self._total += _amount(record.values.get(self._trailer.of))

    def close(self, record: HostRecord) -> None:
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
                self._findings.append(reject(code, field, offset=record.offset, length=None, **params))
        self._count, self._total, self._open = 0, Decimal(0), False

    def finish(self) -> None:
        if self._trailer is not None and self._open:
            self._findings.append(reject("trailer-missing", self._trailer.kind))


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
