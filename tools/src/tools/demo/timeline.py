"""What the demo prints: steps with times, and what is missing."""

import sys
import time
import unicodedata


class Timeline:
    """Steps with the seconds since the start; remembers what was missing."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self.missing: list[str] = []

    def title(self, text: str) -> None:
        """A heading."""
        sys.stdout.write(f"\n{text}\n")
        sys.stdout.flush()

    def step(self, who: str, what: str) -> None:
        """Something happened."""
        sys.stdout.write(f"  {time.monotonic() - self._start:6.2f} s  {padded(who, 22)} {what}\n")
        sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """Plain text."""
        sys.stdout.write(f"  {text}\n")

    def expect(self, condition: bool, what: str) -> None:
        """Notes what is missing when the condition does not hold."""
        if not condition:
            self.missing.append(what)


def width(text: str) -> int:
    """Columns of a text in a terminal: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, columns: int) -> str:
    """Text filled with blanks to a number of columns."""
    return text + " " * max(0, columns - width(text))


def table(headings: list[str], rows: list[list[str]]) -> list[str]:
    """Lines of a table whose columns are as wide as they need to be; numbers to the right."""
    widths = [max(width(row[index]) for row in [headings, *rows]) for index in range(len(headings))]

    def line(row: list[str]) -> str:
        cells = [
            " " * (columns - width(cell)) + cell if cell.replace(",", "").isdigit() else padded(cell, columns)
            for cell, columns in zip(row, widths, strict=True)
        ]
        return "  ".join(cells).rstrip()

    return [line(headings), "  ".join("-" * columns for columns in widths), *(line(row) for row in rows)]
