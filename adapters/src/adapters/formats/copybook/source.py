"""Text of a copybook to statements of tokens: fixed (columns 7 to 72) or free form, comments, continued lines, COPY.

text -> lines of code -> one string -> tokens, cut into statements at the period.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["auto", "fixed", "free"]
_INDICATORS: Final = " *-/DdXx$"
_TOKEN: Final = re.compile(
    r"""\s+|[,;](?=\s|$)|(?P<end>\.(?=\s|$))
    |(?P<text>[XxNnGgZzUu]{0,2}(?:'(?:[^'\n]|'')*'|"(?:[^"\n]|"")*"))
    |(?P<word>(?:[^\s.,;]|[.,;](?!\s|$))+)""",
    re.VERBOSE,
)
_NUMBERED: Final = re.compile(r"\d{6}[ */-]")
# Listing directives, which stand on a line of their own, with or without a period.
_LISTING: Final = re.compile(r"\s*(?:EJECT|SKIP[123]|TITLE\s.*|[-+]*\.?)\s*\.?\s*", re.IGNORECASE)
_DEEPEST: Final = 10


class CopybookError(Exception):
    """A copybook that cannot be understood: what is wrong, and the line (from 1, 0 = unknown)."""

    def __init__(self, problem: str, line: int = 0) -> None:
        self.problem = problem
        self.line = line
        super().__init__(f"line {line}: {problem}" if line else problem)


@dataclass(frozen=True, slots=True)
class Statement:
    """Tokens up to a period, and the line of the first."""

    tokens: tuple[str, ...]
    line: int


def statements(text: str, form: Form = "auto", books: Mapping[str, str] | None = None) -> list[Statement]:
    """Cut a copybook into statements.

    Args:
        text: the source.
        form: `fixed` reads columns 7 to 72, `free` whole lines, `auto` looks.
        books: texts of copied books by upper-case name.

    Raises:
        CopybookError: a copied book is missing, or copies go in a circle.

    """
    return _statements(text, form, books or {}, 0)


def _statements(text: str, form: Form, books: Mapping[str, str], depth: int) -> list[Statement]:
    if depth > _DEEPEST:
        raise CopybookError("COPY goes in a circle")
    out: list[Statement] = []
    for statement in _cut(_lines(text, form)):
        first = statement.tokens[0].upper()
        if first != "COPY":
            out.append(statement)
            continue
        if len(statement.tokens) > 2 and statement.tokens[2].upper() not in {"OF", "IN", "SUPPRESS"}:
            raise CopybookError(f"COPY with {statement.tokens[2]} is not understood", statement.line)
        name = statement.tokens[1].strip("'\"").upper() if len(statement.tokens) > 1 else ""
        if name not in books:
            raise CopybookError(f"the copied book {name} is missing", statement.line)
        out += _statements(books[name], form, books, depth + 1)
    return out


def is_fixed(text: str) -> bool:
    """Tell whether lines are numbered in front, or all have an indicator or a blank in column 7, or nothing before it."""
    lines = [line.expandtabs(8) for line in text.splitlines()]
    return any(_NUMBERED.match(line) for line in lines) or all(_could_be_fixed(line) for line in lines if line.strip())


def _could_be_fixed(line: str) -> bool:
    numbers = line[:6].strip()
    if numbers and len(numbers) < min(len(line), 6):
        return False
    return len(line) < 7 or line[6] in _INDICATORS or not numbers


def _lines(text: str, form: Form) -> list[str]:
    """Give the code of each line, empty for a comment, so that numbers of lines stay."""
    fixed = form == "fixed" or (form == "auto" and is_fixed(text))
    out: list[str] = []
    last = 0
    for raw in text.replace("\x1a", "").splitlines():
        line = raw.expandtabs(8)
        # Columns 73 to 80 are no code; a line typed with tabs has no such columns.
        end = None if "\t" in raw else 72
        code, indicator = (line[7:end], line[6:7]) if fixed else (line, " ")
        if fixed and indicator not in _INDICATORS:
            code, indicator = line[6:end], " "
        code = code.partition("*>")[0]
        if indicator == "-" and out:
            out[last] = _joined(out[last], code, width=65)
            code = ""
        elif indicator in {"*", "/", "D", "d", "$"} or code.lstrip().startswith("*") or _LISTING.fullmatch(code):
            code = ""
        if code:
            last = len(out)
        out.append(code)
    return out


def _joined(before: str, more: str, width: int) -> str:
    """Join a continued line: inside a literal the blanks up to column 72 belong to it."""
    quote = _open_quote(before)
    if quote:
        return before.ljust(width) + more.lstrip().removeprefix(quote)
    return before.rstrip() + more.lstrip()


def _open_quote(code: str) -> str:
    quote = ""
    for char in code:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
    return quote


def _cut(lines: list[str]) -> Iterator[Statement]:
    tokens: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        position = 0
        while position < len(line):
            match = _TOKEN.match(line, position)
            if match is None:
                # An open quote: the rest of the line is its text.
                tokens.append(line[position:].rstrip(". "))
                break
            position = match.end()
            if match.lastgroup == "end":
                if tokens:
                    yield Statement(tuple(tokens), first)
                tokens = []
            elif match.lastgroup is not None:
                if not tokens:
                    first = number
                tokens.append(match.group())
    if tokens:
        yield Statement(tuple(tokens), first)
