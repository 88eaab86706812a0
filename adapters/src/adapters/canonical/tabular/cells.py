"""One cell: what stands in the file <-> a plain value, by the entry of the mapping table. `fast`, else `careful`.

`Kind.fast` takes a clean value and raises on anything odd; `careful` says what is odd, puts right what can be put right
(leading zeros, full-width digits, blanks) and refuses the rest. `Kind.write` is the way back.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from adapters.canonical.moments import is_plausible
from adapters.canonical.tabular import dates
from adapters.formats.charset import BLANKS, is_blank
from adapters.formats.findings import Finding, loss, reject, repair
from adapters.formats.rows import Value

KINDS: Final = ("text", "line", "code", "digits", "number", "amount", "day", "moment")
# What reading a cell the fast way may end with.
ODD: Final = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
_FAULTS: Final = {
    "amount": "amount-invalid",
    "digits": "digits-invalid",
    "number": "amount-invalid",
    "day": "date-invalid",
    "moment": "date-invalid",
}
# Amounts as people key them: 금113,560원(금일십일만삼천오백육십원), △1,200, -1,200.5, 1,200천원.
_AMOUNT: Final = re.compile(r"(?P<minus>[△▲\-]?)\s*금?\s*(?P<digits>[0-9][0-9,]*(\.[0-9]+)?)\s*원?(\(.*\))?", re.ASCII)
_MOST_DIGITS: Final = 27
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Kind:
    """One cell's two directions.

    fast: value that is not empty -> plain value; raises ValueError, TypeError or KeyError on anything odd.
    write: plain value -> value of the file; raises ValueError when the file has no word for it.
    careful: value -> plain value or None, and what was noticed; offsets are filled in by the caller.
    """

    fast: Callable[[Any], Any]
    write: Callable[[Any], Value]
    careful: Callable[[Value], tuple[Any, list[Finding]]]


def kind_of(entry: Mapping[str, Any], codes: Mapping[str, Any]) -> Kind:
    """Make the two directions of an entry. `codes`: value in the file to plain value; empty: values stand for themselves.

    Kinds: text, line (a text without line ends), code, digits, number (as the format has it, with its places), amount (what
    people key, in `unit`), day and moment; `number = true`: these two stand as numbers, 0 for none.
    Keys of an entry: kind, pattern, width (digits with leading zeros), forms, pivot, dangi, unit, scale, commas, nulls,
    rounded (what the form has no place for, such as seconds, is left out in writing; else it is refused),
    otherwise (what is written when there is nothing; default the first of nulls), required. `always`: what is always
    written; `as = "written"`: written only. What is read of these two is not looked at. `lenient`: what cannot be read is left
    out and told, and refuses no record.
    Raises ValueError for a kind or form that is none.
    """
    kind = entry.get("kind", "text")
    if kind not in KINDS:
        raise ValueError(f"{entry['field']}: kind {kind} is none of {', '.join(KINDS)}")
    read, write = _directions(kind, entry)
    if codes:
        # A table of codes says all there is: "01" and "1" are different words.
        back: dict[Any, str] = {}
        for code, plain in codes.items():
            back.setdefault(plain, code)
        read, write = codes.__getitem__, back.__getitem__
    nulls = frozenset(entry.get("nulls", ()))
    otherwise: Value = entry.get("otherwise", next(iter(entry.get("nulls", ())), None))

    def fast(value: Any) -> Any:
        return None if value in nulls else read(value)

    def put(plain: Any) -> Value:
        if plain is None or plain == "":
            return otherwise
        try:
            return write(plain)
        except (KeyError, TypeError, InvalidOperation):
            raise ValueError(entry["field"], str(plain)) from None

    if is_written(entry):
        said: Value = entry.get("always")
        return Kind(lambda _: None, put if said is None else lambda _: said, lambda _: (None, []))
    quick = fast if nulls else read
    return Kind(quick, put, _Careful(entry, kind, fast, coded=bool(codes)).read)


def is_written(entry: Mapping[str, Any]) -> bool:
    """Tell whether a cell is written only: nothing of it is believed that comes from outside."""
    return "always" in entry or entry.get("as") == "written"


def _directions(kind: str, entry: Mapping[str, Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Value]]:
    if kind == "amount":
        return _amounts(entry)
    if kind == "number":
        return _number, _number
    if kind in {"day", "moment"}:
        return _days(entry, kind)
    width, pattern = entry.get("width"), entry.get("pattern", "")
    if kind == "digits" and not pattern:
        pattern = f"[0-9]{{{width}}}" if width else "[0-9]+"
    if pattern:
        fits = re.compile(pattern, re.ASCII).fullmatch
        return lambda value: value if fits(value) else _odd(value), lambda plain: plain if fits(plain) else _odd(plain)
    if kind == "code":
        return _plain_code, lambda plain: plain
    if kind == "line":
        return _plain_text, lambda plain: _odd(plain) if BREAKS.search(plain) else plain
    return _plain_text, lambda plain: plain


def _odd(value: object) -> Any:
    raise ValueError(value)


def _plain_text(value: str) -> str:
    if value.isprintable() and not value.isspace():
        return value
    # Texts of two-byte letters alone have wide blanks between their words.
    if "\u3000" in value and (bare := value.replace("\u3000", " ")).isprintable() and not bare.isspace():
        return value
    return _odd(value)  # type: ignore[no-any-return]  # raises


def _number(value: Any) -> int | Decimal:
    """Take a number as the format has it; text is one, too, when a cell is shown or comes from extensions."""
    if type(value) is int:
        return value
    if isinstance(value, str):
        number = Decimal(value)
        value = int(number) if number.is_finite() and value.lstrip("-").isdecimal() else number
    if not isinstance(value, int | Decimal) or not _countable(value):
        raise ValueError(value)
    return value


def _plain_code(value: str) -> str:
    if value.isalnum() or (value.isprintable() and value.strip(BLANKS) == value):
        return value
    return _odd(value)  # type: ignore[no-any-return]  # raises


def _amounts(entry: Mapping[str, Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Value]]:
    """Read and write whole or broken numbers, in units of the entry's `unit` (천원: 1000)."""
    unit, commas, scale = Decimal(entry.get("unit", 1)), bool(entry.get("commas")), entry.get("scale", 0)

    whole = unit == 1

    def read(value: Any) -> int | Decimal:
        if whole and type(value) is int:
            return value
        if isinstance(value, str):
            if whole and value.isascii() and (value[1:] if value[:1] == "-" else value).isdecimal():
                return int(value)
            plain = value.replace(",", "") if commas else value
            if not plain.lstrip("-").replace(".", "", 1).isdecimal() or not plain.isascii():
                raise ValueError(value)
            value = Decimal(plain)
        if isinstance(value, dt.date) or not _countable(value):
            raise ValueError(value)
        if isinstance(value, int) and whole:
            return value
        number = value * unit
        return int(number) if number == int(number) else Decimal(number).normalize()

    def write(plain: Any) -> Value:
        number = Decimal(str(plain)) / unit
        if not _countable(number) or number != round(number, scale):
            raise ValueError(plain)
        rounded = round(number, scale) if scale else int(number)
        if commas:
            return f"{rounded:,}"
        return rounded

    return read, write


def _countable(number: int | Decimal) -> bool:
    """Tell whether a number is one that money or a count can be: an exponent without end costs time without end."""
    return isinstance(number, int) or (number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS)


def _days(entry: Mapping[str, Any], kind: str) -> tuple[Callable[[Any], Any], Callable[[Any], Value]]:
    """Read and write days: typed where the format has them, else by the entry's forms, the first of which is written."""
    forms, dangi = entry.get("forms", ()), bool(entry.get("dangi"))
    parse = dates.parser(forms, entry.get("pivot"), dangi=dangi)
    clock = kind == "moment"

    rounded = bool(entry.get("rounded"))
    counted = len(forms[0]) if entry.get("number") and forms else 0

    def read(value: Any) -> dt.date | None:
        if counted and not isinstance(value, dt.date):
            if int(value) == 0:
                return None
            value = f"{int(value):0{counted}d}"
        if isinstance(value, str):
            value = parse(value)
        if not isinstance(value, dt.date) or not is_plausible(value):
            raise ValueError(value)
        if clock:
            return value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  # local by the file's meaning
        return dt.date(value.year, value.month, value.day) if isinstance(value, dt.datetime) else value

    said = dates.writer(forms[0], dangi=dangi) if forms else None

    def write(plain: Any) -> Value:
        # Extensions keep days as text.
        day = read(dt.datetime.fromisoformat(plain) if isinstance(plain, str) else plain)
        if said is None:
            return day
        text = said(day) if day is not None else ""
        if read(text) != day and not rounded:
            raise ValueError(plain)
        return int(text) if counted else text

    return read, write


class _Careful:
    """Reads one cell that is not as agreed."""

    def __init__(self, entry: Mapping[str, Any], kind: str, fast: Callable[[Any], Any], *, coded: bool) -> None:
        self._field = entry["field"]
        self._kind = "code" if coded and kind == "text" else "text" if kind == "line" else kind
        self._fast = fast
        self._required = bool(entry.get("required"))
        self._width = entry.get("width", 0) if kind not in {"text", "line"} else 0
        self._free = self._kind == "text" and "pattern" not in entry
        self._control = BREAKS if kind == "line" else _CONTROL
        self._lenient = bool(entry.get("lenient"))
        self._fault = "code-unknown" if coded else _FAULTS.get(kind, "pattern-mismatch")

    def read(self, value: Value) -> tuple[Any, list[Finding]]:
        if value is None or (isinstance(value, str) and is_blank(value)):
            return None, [reject("value-missing", self._field)] if self._required else []
        findings: list[Finding] = []
        text = (
            self._text(value, findings) if isinstance(value, str) or self._kind in {"text", "code", "digits"} else value
        )
        if isinstance(text, str) and self._control.search(text):
            return None, [reject("control-inside", self._field, value=text)]
        try:
            plain = self._fast(text)
        except ODD:
            if self._free and isinstance(text, str):
                # Line ends and blanks of other scripts are unusual in a text, and no fault.
                plain = text
            elif self._kind == "amount" and isinstance(text, str) and (number := self._amount(text)) is not None:
                code = "amount-sign-mark" if number < 0 else "amount-rewritten"
                findings.append(repair(code, self._field, value=text))
                plain = number
            else:
                make = loss if self._lenient else reject
                return None, [*findings, make(self._fault, self._field, value=str(value))]
        if plain is None and self._required:
            findings.append(reject("value-missing", self._field))
        return plain, findings

    def _text(self, value: Value, findings: list[Finding]) -> str:
        text = str(value)
        if self._kind == "text":
            return text
        bare = text.strip(BLANKS)
        plain = _narrow(bare)
        if plain != bare:
            findings.append(repair("fullwidth-characters", self._field, value=text))
        elif bare != text:
            findings.append(repair("blanks-trimmed", self._field, value=text))
        if self._width and len(plain) < self._width and plain.isdecimal() and plain.isascii():
            findings.append(repair("zeros-restored", self._field, value=text, put=plain.zfill(self._width)))
            plain = plain.zfill(self._width)
        return plain

    def _amount(self, text: str) -> int | Decimal | None:
        match = _AMOUNT.fullmatch(text)
        if match is None:
            return None
        try:
            number = self._fast(match["digits"].replace(",", ""))
        except (ValueError, ArithmeticError):
            return None
        return -number if match["minus"] else number  # type: ignore[no-any-return]  # a number, by its kind


def _narrow(text: str) -> str:
    """Turn full-width digits, letters and marks of keyed data into plain ones."""
    return "".join(unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char for char in text)
