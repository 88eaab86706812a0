"""Statements to data description entries: level, name, clauses. What each clause means is decided later, in `tree`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.formats.copybook.source import CopybookError, Statement

_USAGES: Final = {
    "BINARY": "binary", "COMP": "binary", "COMPUTATIONAL": "binary", "COMP-4": "binary", "COMP-0": "binary", "COMPUTATIONAL-4": "binary",
    "COMP-5": "native", "COMPUTATIONAL-5": "native", "COMP-X": "bytes", "COMPUTATIONAL-X": "bytes",
    "COMP-9": "little", "COMPUTATIONAL-9": "little",
    "COMP-1": "float", "COMPUTATIONAL-1": "float", "FLOAT-SHORT": "float",
    "COMP-2": "double", "COMPUTATIONAL-2": "double", "FLOAT-LONG": "double",
    "COMP-3": "packed", "COMPUTATIONAL-3": "packed", "PACKED-DECIMAL": "packed",
    "COMP-6": "unsigned-packed", "COMPUTATIONAL-6": "unsigned-packed",
    "DISPLAY": "display", "DISPLAY-1": "display-1", "NATIONAL": "national",
    "POINTER": "pointer", "PROCEDURE-POINTER": "pointer-8", "FUNCTION-POINTER": "pointer", "INDEX": "pointer",
    "BINARY-CHAR": "native-1", "BINARY-SHORT": "native-2", "BINARY-LONG": "native-4", "BINARY-DOUBLE": "native-8",
}  # fmt: skip
_CLAUSES: Final = frozenset(_USAGES) | {
    "REDEFINES", "PIC", "PICTURE", "USAGE", "SIGN", "LEADING", "TRAILING", "OCCURS", "SYNC", "SYNCHRONIZED", "JUST",
    "JUSTIFIED", "BLANK", "VALUE", "VALUES", "EXTERNAL", "GLOBAL", "RENAMES", "SIGNED", "UNSIGNED", "GROUP-USAGE",
}  # fmt: skip
_NOISE: Final = frozenset({"IS", "ARE", "WHEN", "CHARACTER", "TIMES", "ON", "KEY", "BY", "RIGHT", "LEFT"})


@dataclass(frozen=True, slots=True)
class Occurs:
    """How often: `least` equals `most` without a counter."""

    least: int
    most: int
    depending: str = ""


@dataclass(slots=True)
class Entry:
    """One entry as written. `renames`: first and last name of a level 66. `conditions`: names and values of its 88s."""

    level: int
    name: str
    line: int
    picture: str = ""
    usage: str = ""
    redefines: str = ""
    occurs: Occurs | None = None
    sign_leading: bool = False
    sign_separate: bool = False
    sync: bool = False
    just: bool = False
    blank_when_zero: bool = False
    unsigned: bool = False
    value: tuple[str, ...] = ()
    renames: tuple[str, str] = ("", "")
    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    children: list["Entry"] = field(default_factory=list)


def entries(said: Sequence[Statement]) -> list[Entry]:
    """Read all entries in order; statements that are none (sections, file descriptions) are passed over.

    Raises:
        CopybookError: a clause is not understood.

    """
    out: list[Entry] = []
    for statement in said:
        for tokens in _split(statement.tokens):
            if not _is_level(tokens[0]):
                continue
            entry = _Reader(tokens, statement.line).entry()
            if entry.level == 88:
                if not out:
                    raise CopybookError(f"condition {entry.name} belongs to nothing", statement.line)
                out[-1].conditions[entry.name] = entry.value
            else:
                out.append(entry)
    return out


def _is_level(token: str) -> bool:
    return token.isascii() and token.isdigit() and (1 <= int(token) <= 49 or int(token) in {66, 77, 88})


def _split(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Tell entries apart whose period was forgotten: a level, a name and a picture after a complete clause."""
    starts = [0]
    for place in range(3, len(tokens) - 2):
        before, level, clause = tokens[place - 2].upper(), tokens[place], tokens[place + 2].upper()
        if before in {"PIC", "PICTURE"} and _is_level(level) and clause in {"PIC", "PICTURE"}:
            starts.append(place)
    return [tokens[start:end] for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True)]


class _Reader:
    """Reads one entry's clauses, token by token."""

    def __init__(self, tokens: Sequence[str], line: int) -> None:
        self._tokens = tokens
        self._line = line
        self._at = 0

    def entry(self) -> Entry:
        level = int(self._next())
        name = "" if self._peek() in _CLAUSES or not self._peek() else self._next()
        entry = Entry(level, "" if name.upper() == "FILLER" else name, self._line)
        while self._at < len(self._tokens):
            self._clause(entry, self._next().upper())
        return entry

    def _peek(self) -> str:
        return self._tokens[self._at].upper() if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise CopybookError("a clause ends too early", self._line)
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, *words: str) -> None:
        while self._peek() in words:
            self._at += 1

    def _clause(self, entry: Entry, word: str) -> None:
        if word in {"PIC", "PICTURE"}:
            self._skip("IS")
            entry.picture = self._next()
        elif word in _USAGES:
            entry.usage = _USAGES[word]
        elif word == "OCCURS":
            entry.occurs = self._occurs()
        elif word == "REDEFINES":
            entry.redefines = self._next()
        elif word in {"LEADING", "TRAILING"}:
            entry.sign_leading = word == "LEADING"
        elif word == "SEPARATE":
            entry.sign_separate = True
        elif word in {"SYNC", "SYNCHRONIZED"}:
            entry.sync = True
        elif word in {"JUST", "JUSTIFIED"}:
            entry.just = True
        elif word == "BLANK":
            self._skip("WHEN", "ZERO", "ZEROS", "ZEROES")
            entry.blank_when_zero = True
        elif word in {"VALUE", "VALUES"}:
            entry.value = self._values()
        elif word == "UNSIGNED":
            entry.unsigned = True
        elif word == "RENAMES":
            entry.renames = self._renames()
        elif word not in {"USAGE", "SIGN", "SIGNED", "EXTERNAL", "GLOBAL", "GROUP-USAGE"} | _NOISE:
            raise CopybookError(f"{entry.name or 'FILLER'}: {word} is not understood", self._line)

    def _occurs(self) -> Occurs:
        least = most = self._number()
        if self._peek() == "TO":
            self._at += 1
            most = self._number()
        self._skip("TIMES")
        depending = ""
        if self._peek() == "DEPENDING":
            self._at += 1
            self._skip("ON")
            depending = self._next()
            while self._peek() in {"OF", "IN"}:
                self._at += 2
            least = 0 if least == most else least
        while self._peek() in {"ASCENDING", "DESCENDING", "INDEXED"}:
            self._at += 1
            self._skip("KEY", "IS", "BY")
            while self._peek() and self._peek() not in _CLAUSES | {"ASCENDING", "DESCENDING", "INDEXED"}:
                self._at += 1
        return Occurs(least, most, depending)

    def _number(self) -> int:
        token = self._next()
        if not (token.isascii() and token.isdigit() and len(token) <= 6):
            raise CopybookError(f"OCCURS {token} is no number", self._line)
        return int(token)

    def _values(self) -> tuple[str, ...]:
        self._skip("IS", "ARE")
        out: list[str] = []
        while self._peek() and self._peek() not in _CLAUSES:
            out.append(self._next())
        return tuple(out)

    def _renames(self) -> tuple[str, str]:
        first = self._next()
        last = first
        if self._peek() in {"THRU", "THROUGH"}:
            self._at += 1
            last = self._next()
        return first, last
