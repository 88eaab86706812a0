"""Layouts of fixed-width text as data: what lies where in a record, in bytes. Read by `decode` and `encode`.

A layout is written by hand or made from an adapter's mapping table; `Layout.__post_init__` refuses one that contradicts
itself, so the codecs need not ask again.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "digits", "amount", "date", "code", "filler"]
Role = Literal["header", "detail", "trailer"]
Sign = Literal["none", "leading", "trailing", "overpunch"]
LineEnd = Literal["none", "lf", "crlf", "any"]
Value = str | int | Decimal | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes:
        name: key of the value; unique in the record. Values of `filler` fields are not handed out.
        offset, width: place in the record, in bytes, without the line end.
        kind: `text` str; `digits` str, leading zeros kept; `amount` int, or Decimal when `scale` > 0; `date` date, or
            datetime when the pattern has hh; `code` str out of `codes`; `filler` nothing.
        charset: `cp949`, `ascii` or `utf-8`.
        align: side on which the value stands; None = right for amount and digits, else left.
        pad: the byte that fills the other side; None = `0` for amount and digits, else blank. NUL is always accepted.
        nulls: raw contents (after trimming of pad) that mean "none", such as `00000000`; the first is written for None.
        required: None is refused.
        pattern: for `date` a pattern of YYYY YY MM DD hh mm ss, default YYYYMMDD; else a regular expression to match whole.
        pivot: two-digit years below it are 20xx, others 19xx; without one a pattern with YY is refused.
        codes: allowed values of a `code` field; empty = any.
        scale: number of implied decimal digits of an amount.
        sign: how an amount carries its sign.
        unencodable: what writing does with a character the charset lacks.
        too_long: what writing does with text longer than the field.

    """

    name: str
    offset: int
    width: int
    kind: Kind = "text"
    charset: str = "cp949"
    align: Literal["left", "right"] | None = None
    pad: bytes | None = None
    nulls: tuple[str, ...] = ()
    required: bool = False
    pattern: str | None = None
    pivot: int | None = None
    codes: frozenset[str] = frozenset()
    scale: int = 0
    sign: Sign = "none"
    unencodable: Literal["reject", "substitute"] = "reject"
    too_long: Literal["cut", "reject"] = "cut"

    @property
    def end(self) -> int:
        """First byte after the field."""
        return self.offset + self.width

    @property
    def right(self) -> bool:
        """Whether the value stands on the right."""
        return (self.align or ("right" if self.kind in {"amount", "digits"} else "left")) == "right"

    @property
    def pad_byte(self) -> bytes:
        """The byte that fills the rest of the width."""
        return self.pad if self.pad is not None else (b"0" if self.kind in {"amount", "digits"} else b" ")


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record in a file; `marker` is the content of the marker range by which it is known."""

    name: str
    role: Role
    marker: bytes
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums a trailer promises: `count_field` = number of details, `sum_field` = sum of `amount_field` over the details."""

    trailer: str
    count_field: str | None = None
    sum_field: str | None = None
    amount_field: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole file. Give `fields` for one kind of record, or `kinds` and the marker range for several.

    Attributes:
        record_length: bytes of every record, without the line end.
        line_end: `none` records touch; `lf`, `crlf` written and expected; `any` both accepted, LF written.
        eof_mark: write 0x1A at the end. It is always accepted.

    """

    record_length: int
    fields: tuple[Field, ...] = ()
    kinds: tuple[RecordKind, ...] = ()
    marker_offset: int = 0
    marker_width: int = 0
    line_end: LineEnd = "any"
    totals: Totals | None = None
    eof_mark: bool = False

    def __post_init__(self) -> None:
        for kind in self.record_kinds:
            _check_kind(kind, self.record_length)
        if bool(self.fields) == bool(self.kinds):
            raise ValueError("give either fields or kinds")
        if self.kinds and (not self.marker_width or any(len(kind.marker) != self.marker_width for kind in self.kinds)):
            raise ValueError("every marker fills the marker range")

    @property
    def record_kinds(self) -> tuple[RecordKind, ...]:
        """All kinds; a layout with plain fields has one, `detail`, with an empty marker."""
        return self.kinds or (RecordKind("detail", "detail", b"", self.fields),)

    def kind(self, name: str) -> RecordKind:
        """Give the kind by name; KeyError when the layout has none such."""
        by_name: Mapping[str, RecordKind] = {kind.name: kind for kind in self.record_kinds}
        return by_name[name]


def _check_kind(kind: RecordKind, record_length: int) -> None:
    names = [field.name for field in kind.fields]
    if len(set(names)) != len(names):
        raise ValueError(f"{kind.name}: a field name stands twice")
    end = 0
    for field in sorted(kind.fields, key=lambda field: field.offset):
        if field.offset < end or field.width < 1:
            raise ValueError(f"{kind.name}.{field.name}: fields overlap or have no width")
        end = field.end
        _check_field(field)
    if end > record_length:
        raise ValueError(f"{kind.name}: fields reach beyond the record")


def _check_field(field: Field) -> None:
    if len(field.pad_byte) != 1:
        raise ValueError(f"{field.name}: pad is one byte")
    if (
        field.kind == "date"
        and "YYYY" not in (pattern := field.pattern or "YYYYMMDD")
        and "YY" in pattern
        and field.pivot is None
    ):
        raise ValueError(f"{field.name}: a two-digit year needs a pivot")
    if field.kind != "date" and field.pattern is not None:
        re.compile(field.pattern)
