"""Items of dBase tables with their memo files as the rows all record codecs share; and back, as dBase III.

A table and its memo file have one name; upper and lower case mean the same. What is no table and no memo file, and a memo
file without its table, refuses the item: nothing that came is passed over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from adapters.formats import charset
from adapters.formats.dbf.reading import Dbf
from adapters.formats.dbf.writing import DbfWriter, WriteColumn
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.rows import Cell, FlatRow, Row, Values

_TABLE: Final = ".dbf"
_MEMOS: Final = (".dbt", ".fpt")


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. columns: as they are written; read ones may have other widths and another order. needed: must be there."""

    columns: tuple[WriteColumn, ...]
    needed: frozenset[str] = frozenset()

    @property
    def has_memo(self) -> bool:
        """Whether a memo file belongs to it."""
        return any(column.kind == "M" for column in self.columns)


class DbfRows:
    """The codec of items of one or more tables.

    Args:
        layouts: by table name.
        files: pattern of the file's name by table, in small letters; needed where there are several tables.
        charset_override: codec for systems whose code page byte is known to be wrong.

    """

    def __init__(
        self, layouts: Mapping[str, Layout], *, files: Mapping[str, str] | None = None, charset_override: str = ""
    ) -> None:
        self._layouts = dict(layouts)
        self._files = dict(files or {})
        self._dbf = Dbf(charset_override)
        self._writers = {table: DbfWriter(layout.columns) for table, layout in layouts.items()}

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read the records of all tables; deleted ones are told of only. Raises FormatError."""
        memos = _paired(parts)
        ordinal = 0
        for part, data in parts.items():
            if not part.lower().endswith(_TABLE):
                continue
            table = self._table(part)
            for piece in self._dbf.read(data, memos.get(part)):
                if piece.kind == "header":
                    findings += piece.findings
                    self._check(table, data, piece)
                elif piece.kind == "record":
                    ordinal += 1
                    yield _row(ordinal, part, table, piece)
                else:
                    # A deleted record says so; damage inside it matters to nobody any more.
                    findings += [each for each in piece.findings if piece.kind == "end" or each.severity != "reject"]

    def _table(self, part: str) -> str:
        named = next((table for table, form in self._files.items() if fnmatchcase(part.lower(), form)), "")
        if not named and (self._files or len(self._layouts) != 1):
            raise FormatError([reject("part-unknown", part, name=part)])
        return named or next(iter(self._layouts))

    def _check(self, table: str, data: bytes, head: FlatRow) -> None:
        """Raises FormatError when a column that must be there is not."""
        there = {column.name for column in self._dbf.head(data).columns}
        missing = sorted(self._layouts[table].needed - there)
        if missing:
            found = [reject("column-missing", name, offset=head.offset, title=name) for name in missing]
            raise FormatError([*head.findings, *found])

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again."""
        try:
            written = self._writers[table].write([_texts(values)])
        except FormatError as error:
            return values, list(error.findings)
        findings: list[Finding] = []
        for piece in self._dbf.read(written.table, written.memo):
            if piece.kind == "record":
                return piece.values, [*findings, *piece.findings]
        return values, findings

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write a table and its memo file. Raises FormatError."""
        table = rows[0][0] if rows else next(iter(self._layouts))
        written = self._writers[table].write(_texts(values) for _, values in rows)
        parts = {f"{name}{_TABLE}": written.table}
        if written.memo is not None:
            parts[f"{name}{_MEMOS[0]}"] = written.memo
        return parts

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show a record's fields as the layout has them: a record alone does not tell its table's own."""
        table = self._table(part) if self._files else next(iter(self._layouts))
        out, offset = [], 1
        for column in self._layouts[table].columns:
            piece = raw[offset : offset + column.size]
            text, found = charset.decode_cp949(piece, field=column.name, base=offset)
            binary = rejected(found)
            out.append(Cell(column.name, offset, piece, None if binary else text.strip() or None, tuple(found), binary))
            offset += column.size
        return out

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether each table is there with the memo file it needs."""
        known = {name.lower() for name in names}
        tables = [name for name in known if name.endswith(_TABLE)]
        wanted = any(layout.has_memo for layout in self._layouts.values())
        return bool(tables) and all(
            not wanted or any(name.removesuffix(_TABLE) + end in known for end in _MEMOS) for name in tables
        )


def _paired(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the memo file of each table. Raises FormatError for what belongs to none."""
    tables = {part.lower().removesuffix(_TABLE): part for part in parts if part.lower().endswith(_TABLE)}
    memos: dict[str, bytes] = {}
    problems: list[Finding] = []
    for part, data in parts.items():
        stem, low = part.lower()[:-4], part.lower()
        if low.endswith(_TABLE):
            continue
        if low.endswith(_MEMOS) and stem in tables and tables[stem] not in memos:
            memos[tables[stem]] = data
        else:
            problems.append(reject("part-unknown", part, name=part))
    if not tables:
        problems.append(reject("part-missing", "*.dbf", name="*.dbf"))
    if problems:
        raise FormatError(problems)
    return memos


def _row(ordinal: int, part: str, table: str, piece: FlatRow) -> Row:
    places = {cell.name: (cell.offset, cell.length) for cell in piece.cells if cell.name}
    # Blanks that only fill up a memo's last line are no text.
    values = {name: value.rstrip("\r\n ") if value else value for name, value in piece.values.items()}
    return Row(ordinal, part, piece.offset, piece.raw, values, piece.findings, table, places)


def _texts(values: Values) -> dict[str, str | None]:
    return {name: value if value is None or isinstance(value, str) else str(value) for name, value in values.items()}
