"""Cuts bytes into rows of pieces: where each cell begins and ends, what it holds, how its quotes were wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapters.formats.delimited.dialect import Dialect
from adapters.formats.findings import Finding, reject, repair

_TAIL: Final = b"\x1a\0\r\n "
# No table is wider: what stands behind is one cell, so that a hostile line costs what its bytes cost.
MOST_CELLS: Final = 4096


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell's bytes. start, end: absolute, quotes included. content: without quotes."""

    start: int
    end: int
    content: bytes
    quoted: bool = False
    finding: Finding | None = None


def end_mark(data: bytes) -> int:
    """Tell where the end of file mark (1A) of old systems begins; the length when there is none."""
    place = data.find(b"\x1a", len(data.rstrip(_TAIL)))
    return len(data) if place < 0 else place


class Splitter:
    """Cuts by one dialect's signs."""

    def __init__(self, dialect: Dialect) -> None:
        stops = b"\0" if dialect.ends == "nul" else b"\r\n"
        self._plain = re.compile(b"[^" + re.escape(dialect.delimiter + stops) + b"]*")
        self._end = re.compile(b"\0" if dialect.ends == "nul" else b"\r\n|\r|\n")
        self._delimiter = dialect.delimiter
        self._quote = dialect.quote

    def rows(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, list[Piece]]]:
        """Give for each row where the next one begins, and its pieces; a blank line has none."""
        position = start
        while position < end:
            pieces = []
            while True:
                piece = self._piece(data, position, end)
                pieces.append(piece)
                position = piece.end
                if data[position : position + 1] != self._delimiter or position >= end:
                    break
                position += 1
                if len(pieces) == MOST_CELLS:
                    stop = self._end.search(data, position, end)
                    rest = stop.start() if stop else end
                    pieces.append(Piece(position, rest, data[position:rest]))
                    position = rest
                    break
            stop = self._end.match(data, position, end)
            position = stop.end() if stop else end
            blank = len(pieces) == 1 and not pieces[0].quoted and not pieces[0].content
            yield position, [] if blank else pieces

    def _piece(self, data: bytes, start: int, end: int) -> Piece:
        if not self._quote or data[start : start + 1] != self._quote or start >= end:
            return self._unquoted(data, start, end, None)
        close = self._close(data, start + 1, end)
        if close < 0:
            return self._unquoted(data, start, end, reject("quote-unclosed", offset=start))
        content = data[start + 1 : close].replace(self._quote * 2, self._quote)
        rest = self._rest(data, close + 1, end)
        if rest == close + 1:
            return Piece(start, rest, content, quoted=True)
        if self._end.search(data, start, close):
            # The quote that seems to close it opens another cell further down: do not swallow the lines between.
            return self._unquoted(data, start, end, reject("quote-unclosed", offset=start))
        found = repair("quote-stray", offset=close + 1, length=rest - close - 1)
        return Piece(start, rest, content + data[close + 1 : rest], quoted=True, finding=found)

    def _unquoted(self, data: bytes, start: int, end: int, finding: Finding | None) -> Piece:
        stop = self._rest(data, start, end)
        return Piece(start, stop, data[start:stop], finding=finding)

    def _rest(self, data: bytes, start: int, end: int) -> int:
        match = self._plain.match(data, start, end)
        return match.end() if match else start

    def _close(self, data: bytes, start: int, end: int) -> int:
        """Find the closing quote, passing over doubled ones; -1 when there is none."""
        place = data.find(self._quote, start, end)
        while place >= 0 and data[place + 1 : place + 2] == self._quote and place + 1 < end:
            place = data.find(self._quote, place + 2, end)
        return place
