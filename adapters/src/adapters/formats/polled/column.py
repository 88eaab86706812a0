"""One column of a table, both directions: text as their database gives it <-> text the mapping reads.

CHAR is filled with blanks up to its width; '' is NULL, as Oracle has it; NUMERIC says as many places as it has; a DATE may
come with a midnight. Sentinels (`99991231`, `-1`, `해당없음`) mean that there is nothing.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import Final, Literal, cast

from adapters.formats.charset import encode_cp949
from adapters.formats.findings import Finding, loss, reject
from adapters.formats.rows import Value

Kind = Literal["CHAR", "VARCHAR", "NUMERIC", "DATE", "TIMESTAMP", "CLOB"]
Measure = Literal["characters", "utf-8", "cp949"]
_STORED: Final = re.compile(
    r"(CHAR|VARCHAR|NUMERIC)\(([0-9]{1,5})(?:,([0-9]{1,2}))?\)|(NUMERIC|DATE|TIMESTAMP|CLOB)", re.ASCII
)
# Words of other databases for the same.
_SAME: Final = {"VARCHAR2": "VARCHAR", "NVARCHAR2": "VARCHAR", "NCHAR": "CHAR", "NUMBER": "NUMERIC", "TEXT": "CLOB"}
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?)?", re.ASCII
)
_MIDNIGHT: Final = "00:00:00"
_MOST_DIGITS: Final = 60
_EXACT: Final = Context(prec=2 * _MOST_DIGITS + 100)


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is stored.

    Attributes:
        name: as the manifest says it; capitals and small letters mean the same.
        kind, width, scale: as it was created; width 0: no limit. measure: what the width counts: characters, or bytes of a charset.
        right: filled from the left, not from the right. nulls: texts that mean nothing. needed: must be a column of the row.

    """

    name: str
    kind: Kind
    width: int = 0
    scale: int = 0
    measure: Measure = "characters"
    right: bool = False
    nulls: frozenset[str] = frozenset()
    needed: bool = False

    def read(self, text: str | None, findings: list[Finding]) -> str | None:
        """Give what a cell says; None for nothing."""
        if text is None:
            return None
        value = self._bare(text)
        if value in self.nulls or value == "":
            return None
        if self.kind in {"CHAR", "VARCHAR"} and self.width and (found := self._size(value)) > self.width:
            # Their column has grown since the mapping was written: what it means now, nobody here knows.
            findings.append(
                reject("column-grown", self.name, value=_short(value), found=str(found), width=str(self.width))
            )
        if self.kind == "NUMERIC":
            plain = _number(value)
            return None if plain in self.nulls else plain
        if self.kind in {"DATE", "TIMESTAMP"}:
            plain = self._moment(value, findings)
            return None if plain in self.nulls else plain
        return value

    def write(self, value: Value, findings: list[Finding]) -> str | None:
        """Give the text of a cell; None for NULL. What does not fit is a finding of severity reject."""
        if value is None or value == "":
            return None
        if self.kind == "NUMERIC":
            return self._numeric(value, findings)
        if isinstance(value, dt.datetime):
            text = f"{value:%Y-%m-%d %H:%M:%S}" if self.kind == "TIMESTAMP" else f"{value:%Y-%m-%d}"
        else:
            text = value.isoformat() if isinstance(value, dt.date) else str(value)
        if not self.width:
            return text
        if self.measure == "cp949":
            findings += encode_cp949(text, field=self.name)[1]
        size = self._size(text)
        if size > self.width:
            findings.append(
                reject("value-does-not-fit", self.name, value=_short(text), found=str(size), width=str(self.width))
            )
        if self.kind != "CHAR":
            return text
        padding = " " * (self.width - size)
        return padding + text if self.right else text + padding

    def _bare(self, text: str) -> str:
        if self.kind == "CHAR":
            return text.strip(" ") if self.right else text.rstrip(" ")
        return text.strip(" ") if self.kind in {"NUMERIC", "DATE", "TIMESTAMP"} else text

    def _size(self, text: str) -> int:
        if self.measure == "characters" or text.isascii():
            return len(text)
        return len(text.encode(self.measure, "replace"))

    def _moment(self, text: str, findings: list[Finding]) -> str:
        match = _MOMENT.fullmatch(text)
        if match is None:
            return text
        day, clock, fraction = match.groups()
        if self.kind == "DATE":
            # Oracle's DATE always has a time; one that says something is no mere day.
            return day if clock in {None, _MIDNIGHT} and not int(fraction or 0) else text
        if fraction and int(fraction):
            findings.append(loss("fraction-left-out", self.name, value=text))
        return f"{day} {clock or _MIDNIGHT}"

    def _numeric(self, value: Value, findings: list[Finding]) -> str:
        number = _counted(str(value))
        if number is None:
            findings.append(reject("amount-invalid", self.name, value=_short(str(value))))
            return str(value)
        said = number.quantize(Decimal(1).scaleb(-self.scale), context=_EXACT) if self.width else number
        digits = max(said.adjusted() + 1 + self.scale, 0) if said else 0
        if said != number or (self.width and digits > self.width):
            width = f"{self.width},{self.scale}"
            findings.append(
                reject("value-does-not-fit", self.name, value=_short(str(value)), found=str(digits), width=width)
            )
        return format(said, "f")


def column(
    name: str, stored: str, measure: Measure, *, right: bool = False, nulls: Iterable[str] = (), needed: bool = False
) -> Column:
    """Make a column of `stored`, such as `CHAR(8)`, `VARCHAR2(200)`, `NUMBER(15,2)`, `DATE`. Raises ValueError when it is none."""
    said = stored.strip().upper()
    for other, same in _SAME.items():
        if said == other or said.startswith(f"{other}("):
            said = same + said.removeprefix(other)
    match = _STORED.fullmatch(said)
    if match is None:
        raise ValueError(f"{name}: stored = {stored!r} is no column")
    sized, width, scale, bare = match.groups()
    if scale and sized != "NUMERIC":
        raise ValueError(f"{name}: stored = {stored!r}: only a number has places behind the point")
    kind = cast("Kind", sized or bare)
    return Column(name, kind, int(width or 0), int(scale or 0), measure, right, frozenset(nulls), needed)


def _counted(text: str) -> Decimal | None:
    """Give the number that a text is; None for what is none, or longer than a column can be."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= _MOST_DIGITS else None


def _number(text: str) -> str:
    """Give a number as people write it: 12.50 as 12.5, 3.00 as 3; what is none, as it stands."""
    number = _counted(text)
    if number is None:
        return text
    return str(int(number)) if number == int(number) else format(number.normalize(_EXACT), "f")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
