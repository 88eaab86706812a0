"""Edited pictures: `-(5)9.99`, `ZZ,ZZ9`, `$*,**9.99CR`: printed numbers to values and back."""

import re
from decimal import Context, Decimal
from typing import Final

from adapters.formats.copybook.picture import Picture

_EXACT: Final = Context(prec=200)
_MARKS: Final = re.compile(r"[$₩\\*,/B\s]")
_SHAPE: Final = re.compile(r"(?P<before>[+-]?)(?P<digits>\d*(?:\.\d*)?)(?P<after>[+-]|CR|DB)?", re.ASCII)
_FLOATS: Final = "+-$₩\\"


def read(text: str, shape: Picture) -> int | Decimal | None:
    """Read a printed number; None when it is blank. Raises ValueError when it is none."""
    plain = _MARKS.sub("", text)
    if not plain:
        return None
    match = _SHAPE.fullmatch(plain)
    if match is None or match["digits"] in {"", "."}:
        raise ValueError(text)
    digits = match["digits"]
    places = 0 if "." in digits else shape.scale if "V" in shape.places else 0
    number = Decimal(digits).scaleb(-places, _EXACT)
    if "-" in {match["before"], match["after"]} or match["after"] in {"CR", "DB"}:
        number = -number
    return number if shape.scale > 0 else int(number)


def write(value: int | Decimal, shape: Picture, *, blank_when_zero: bool = False) -> str:
    """Print a number by the picture. Raises ValueError when it does not fit."""
    scaled = Decimal(value).scaleb(max(shape.scale, 0), _EXACT)
    if not scaled.is_finite() or scaled != int(scaled):
        raise ValueError(value)
    number = int(scaled)
    digits = str(abs(number)).rjust(shape.digits, "0")
    if len(digits) > shape.digits or (number < 0 and not shape.signed):
        raise ValueError(value)
    bare = not set(shape.places) & {"9", "*"}
    if number == 0 and (blank_when_zero or bare):
        return " " * shape.size
    return _Printer(shape, digits, negative=number < 0).text()


class _Printer:
    """Walks the places of a picture with the digits."""

    def __init__(self, shape: Picture, digits: str, *, negative: bool) -> None:
        self._places = shape.places
        self._digits = iter(digits)
        self._negative = negative
        self._floating = next((mark for mark in _FLOATS if shape.places.count(mark) > 1), "")
        self._fill = "*" if "*" in shape.places else " "
        self._begun = False
        self._out: list[str] = []

    def text(self) -> str:
        seen_float = False
        index = 0
        while index < len(self._places):
            char = self._places[index]
            index += 1
            if char in "CD" and self._places[index : index + 1] in {"R", "B"}:
                self._out.append(char + self._places[index] if self._negative else "  ")
                index += 1
            elif char == self._floating:
                if seen_float:
                    self._digit(suppress=True)
                else:
                    self._out.append(" ")
                seen_float = True
            elif char in "9Z*":
                self._digit(suppress=char != "9")
            elif char in ".V":
                self._begin()
                if char == ".":
                    self._out.append(".")
            elif char in ",B0/":
                self._out.append((" " if char == "B" else char) if self._begun else self._fill)
            elif char not in "SP":
                self._out.append(self._mark(char))
        self._begin()
        return "".join(self._out)

    def _digit(self, *, suppress: bool) -> None:
        digit = next(self._digits)
        if suppress and not self._begun and digit == "0":
            self._out.append(self._fill)
            return
        self._begin()
        self._out.append(digit)

    def _begin(self) -> None:
        """End the suppression: a mark that floats goes in front of the first digit."""
        if not self._begun and self._floating and self._out:
            self._out[-1] = self._mark(self._floating)
        self._begun = True

    def _mark(self, char: str) -> str:
        if char == "+":
            return "-" if self._negative else "+"
        if char == "-":
            return "-" if self._negative else " "
        return char
