"""One column: cells of a workbook as the values rows have, with what the spreadsheet program did to them; and back.

Programs turn what is keyed into numbers and days: codes lose their zeros (0012 -> 12), long ones their last digits
(12345678901234567 -> 1.23E+16), `3-1` becomes the first of March. What can be put right is, and told; the rest is refused.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from adapters.formats.findings import Finding, loss, reject, repair
from adapters.formats.rows import Value
from adapters.formats.spreadsheet.workbook import Content, Epoch

Kind = Literal["text", "code", "digits", "number", "day"]
Cell = tuple[Value, list[Finding]]
# A cell holds 15 digits of a number (29500-1, 18.3.1.96: double), and 32,767 letters of a text.
EXACT: Final = 10**15
MOST_LETTERS: Final = 32_767
_EXPONENT: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,3}", re.ASCII)
_AS_FLOAT: Final = re.compile(r"([0-9]+)\.0+", re.ASCII)
_LAST_SERIAL: Final = 2_958_465
_FALSE_LEAP: Final = 60
_UNSAID: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. titles: further headings that mean it.

    Attributes:
        required: its absence refuses every record.
        kind: `code` and `digits` are kept as they are keyed, `number` counts, `day` is a day or a moment.
        width: digits of a code: lost zeros in front will be noticed by their number. 0: unknown.
        written: lengths of days that are written as digits alone (8: 20260507); other numbers are day numbers.

    """

    name: str
    titles: tuple[str, ...] = ()
    required: bool = True
    kind: Kind = "text"
    width: int = 0
    written: frozenset[int] = frozenset()

    def read(self, cell: Content, epoch: Epoch) -> Cell:
        """Give the value of a cell, and what is odd about it."""
        if isinstance(cell, str):
            return self._text(cell) if cell else (None, [])
        if isinstance(cell, bool):
            return ("TRUE" if cell else "FALSE"), []
        if isinstance(cell, int | float):
            return self._number(cell, epoch)
        if isinstance(cell, dt.date):
            return self._day(cell)
        return _clock(cell), []

    def _text(self, text: str) -> Cell:
        if self.kind in {"code", "digits"}:
            if _EXPONENT.fullmatch(text):
                return None, [reject("cell-digits-lost", self.name, value=text)]
            if (self.kind == "digits" or self.width) and (found := _AS_FLOAT.fullmatch(text)):
                return found[1], [repair("cell-as-number", self.name, value=text, put=found[1])]
        return text, []

    def _number(self, number: float, epoch: Epoch) -> Cell:
        if not math.isfinite(number):
            return None, [reject("cell-error", self.name, value=str(number))]
        shown = shown_of(number)
        if self.kind == "number":
            whole = shown.lstrip("-").isdecimal()
            return (int(shown) if whole else Decimal(shown)), self._lost(number, shown)
        if self.kind == "day":
            return self._serial(number, shown, epoch)
        if self.kind == "text":
            return shown, self._lost(number, shown)
        if abs(number) >= EXACT:
            return None, [reject("cell-digits-lost", self.name, value=shown)]
        if not shown.isdecimal():
            return shown, []
        # Of a code without width nobody can say whether it had zeros.
        noticed = [] if self.width else [repair("cell-as-number", self.name, value=shown, put=shown)]
        return shown, noticed

    def _lost(self, number: float, shown: str) -> list[Finding]:
        return [loss("cell-digits-lost", self.name, value=shown)] if abs(number) >= EXACT else []

    def _serial(self, number: float, shown: str, epoch: Epoch) -> Cell:
        """Read a number in a column of days: digits of a day, or a day number whose format was lost."""
        if shown.isdecimal() and len(shown) in self.written:
            return shown, []
        zero = dt.datetime(1904, 1, 1) if epoch == 1904 else dt.datetime(1899, 12, 30)  # noqa: DTZ001  # local by the file's meaning
        # Day 60 of 1900 is 29 February, which never was; those before it are counted one off.
        first = 0 if epoch == 1904 else _FALSE_LEAP + 1
        if not first <= number <= _LAST_SERIAL:
            return None, [reject("date-invalid", self.name, value=shown)]
        moment = zero + dt.timedelta(seconds=round(number * 86_400))
        day = moment.date() if float(number).is_integer() else moment
        return day, [repair("cell-day-number", self.name, value=shown, put=day.isoformat())]

    def _day(self, day: dt.date) -> Cell:
        if self.kind == "day":
            if isinstance(day, dt.datetime):
                # A moment is a fraction of a day, which is no whole number of microseconds.
                day = (day + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
                # Which of the two midnight is, a cell does not say.
                day = day if day.time() != dt.time() else day.date()
            return day, []
        said = day.isoformat()
        if self.kind == "text":
            return said, [repair("cell-became-day", self.name, value=said)]
        return None, [reject("cell-became-day", self.name, value=said)]

    def cell(self, value: Value) -> tuple[Content, list[Finding]]:
        """Give what is written for a value, as it will be read; "" for nothing."""
        if value is None or value == "":
            return "", []
        if isinstance(value, dt.date):
            return (value, []) if self.kind == "day" and value.year >= 1904 else (value.isoformat(), [])
        if isinstance(value, int | Decimal):
            number = float(value) if self.kind == "number" and -EXACT < value < EXACT else math.nan
            fits = math.isfinite(number) and Decimal(shown_of(number)) == value
            return (number if fits else f"{Decimal(value):f}"), []
        if len(value.encode("utf-16-le", "surrogatepass")) // 2 > MOST_LETTERS:
            return "", [reject("cell-too-long", self.name, limit=f"{MOST_LETTERS:,}")]
        if found := _UNSAID.search(value):
            return "", [
                reject(
                    "char-unencodable",
                    self.name,
                    char="?",
                    codepoint=f"U+{ord(found[0]):04X}",
                    count="1",
                    place=str(found.start() + 1),
                )
            ]
        return value, []


def shown_of(number: float) -> str:
    """Give a number as the program shows it: 15 digits, no exponent."""
    if isinstance(number, int):
        return str(number)
    if number == int(number) and abs(number) < EXACT:
        return str(int(number))
    return f"{Decimal(f'{number:.15g}'):f}"


def _clock(cell: dt.time | dt.timedelta) -> str:
    if isinstance(cell, dt.time):
        return cell.isoformat("seconds")
    seconds = round(cell.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
