"""Cells of one line become values; whatever does not fit its column becomes a finding and leaves the value empty.

Nothing is guessed: a day is read by the pattern the format declares (YYYYMMDD) or not at all.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from directory.domain.agency_codes.columns import Column

Report = Callable[[str, Column, Mapping[str, str]], None]

NOTHING = frozenset({"", "NULL"})
NO_DAY = NOTHING | {"00000000", "99991231"}
EARLIEST = date(1895, 1, 1)
"""Before the first modern local government (1895) no unit of today's kind was set up."""

_CODE = re.compile(r"[0-9A-Za-z]{7}")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,9}")
# Blanks that keyed data carries beside the ordinary one: ideographic, no-break, zero width, byte order mark.
_ODD_BLANK = re.compile("[\u3000\u00a0\u200b\ufeff\t\v\f\r]")
_BLANKS = re.compile("[ \u3000\u00a0\u200b\ufeff\t\v\f\r]+")
# Half- and full-width forms, single jamo (but not the dot ㆍ), private use, what decoding could not read, controls.
_UNUSUAL = re.compile("[\u3131-\u318c\uff01-\uffee\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f]")
# Nearly all cells are plain; one search tells them from those that need a closer look.
_SUSPECT = re.compile(rf"^ | $|  |{_ODD_BLANK.pattern}|{_UNUSUAL.pattern}|[\udc80-\udcff]")
_UNREADABLE = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")
_AREAS = frozenset({5, 8, 10})
_POSTCODES = frozenset({5, 6})


def readable(cell: str) -> str:
    """A cell in which bytes that were no text stand as U+FFFD. They come as lone surrogates, which no database takes."""
    return cell.translate(_UNREADABLE)


class Cells:
    """The cells of one line by column. report: takes code, column and parameters of a finding."""

    def __init__(self, raw: Mapping[Column, str], report: Report) -> None:
        self._raw = raw
        self._report = report

    def text(self, column: Column) -> str:
        """Trimmed text, '' for nothing. Width and composition stay as they are: only search may fold them."""
        cell = self._raw.get(column, "")
        if not _SUSPECT.search(cell):
            return "" if cell in NOTHING else cell
        raw = readable(cell)
        tidy = _BLANKS.sub(" ", raw).strip(" ")
        if tidy != raw:
            self._report("odd-blank" if _ODD_BLANK.search(raw) else "extra-blank", column, {"value": raw})
        if found := _UNUSUAL.search(cell):
            name = unicodedata.name(found[0], f"U+{ord(found[0]):04X}")
            self._report("unusual-character", column, {"value": tidy, "character": name})
        return "" if tidy in NOTHING else tidy

    def required(self, column: Column, code: str) -> str:
        """Text that must not be empty."""
        text = self.text(column)
        if not text:
            self._report(code, column, {})
        return text

    def code(self, column: Column) -> str:
        """Code of 7 letters and digits. One of another form is reported and kept: documents may carry it."""
        return self._judged(column, self.text(column))

    def codes(self, column: Column) -> tuple[str, ...]:
        """Codes parted by commas, each once."""
        parts = (part.strip() for part in re.split("[,;]", self.text(column)))
        return tuple(dict.fromkeys(self._judged(column, part) for part in parts if part))

    def number(self, column: Column) -> int | None:
        """A whole number without sign."""
        text = self.text(column)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self._report("malformed-number", column, {"value": text})
            return None
        return int(text)

    def day(self, column: Column) -> date | None:
        """A day written YYYYMMDD."""
        text = self.text(column)
        if text in NO_DAY:
            return None
        try:
            found = _DAY.fullmatch(text)
            day = date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            day = None
        if day is None:
            self._report("unparsable-date", column, {"value": text})
        elif day < EARLIEST:
            self._report("implausible-date", column, {"value": text})
        return day

    def area(self, column: Column) -> str:
        """Code of a place: district (5 digits), administrative (8) or legal (10) area."""
        return self._digits(column, _AREAS, "malformed-area")

    def postcode(self, column: Column) -> str:
        """5 digits, 6 until July 2015."""
        return self._digits(column, _POSTCODES, "malformed-postcode")

    def address(self, column: Column) -> str:
        """Text of an address; zeros and area codes that were keyed into its place are reported and left out."""
        text = self.text(column)
        if text and not any(map(str.isalpha, text)):
            self._report("address-without-words", column, {"value": text})
            return ""
        return text

    def _judged(self, column: Column, text: str) -> str:
        if text and not _CODE.fullmatch(text):
            self._report("malformed-code", column, {"value": text})
        return text

    def _digits(self, column: Column, lengths: frozenset[int], finding: str) -> str:
        text = self.text(column)
        if not text or (len(text) in lengths and text.isascii() and text.isdigit()):
            return text
        self._report(finding, column, {"value": text})
        return ""
