"""A worked case: what officials do in a test becomes rows, and the rows must be the table of the case's document.

What is seen is made from what the services answered. People stand in it by the words the document gives them, numbers by N:
so the table says the same on every day and every machine. ``docs/cases/NN-name.md`` <-> ``WorkedCase.check``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tools.demo.officials import Official

CASES = Path(__file__).parents[2] / "docs" / "cases"
STEPS, PEOPLE = ("who", "does", "what is seen then"), ("in the case", "official", "post", "login")
BY_ITSELF = "–"
_NUMBER, _DAY = re.compile(r"(\w+과)-\d+"), re.compile(r"\b\d{4}(?:\. \d+\. \d+\.|-\d\d-\d\d)")


class WorkedCase:
    """One case. document: file name below ``docs/cases``. people: by the words the document has for them."""

    def __init__(self, document: str, people: Mapping[str, Official]) -> None:
        self._text = (CASES / document).read_text(encoding="utf-8")
        self._people = dict(people)
        self._rows: list[tuple[str, ...]] = []

    def step(self, who: str, does: str, seen: str) -> None:
        """Notes what somebody did and what could be seen then. who: word of the case; BY_ITSELF: nobody's act."""
        assert who in self._people or who == BY_ITSELF, who
        self._rows.append((who, does, self.told(seen)))

    def told(self, text: str) -> str:
        """A text with people by their words and numbers by N."""
        for word, official in self._people.items():
            text = text.replace(official.name, word)
        return _DAY.sub("(date)", _NUMBER.sub(r"\1-N", " / ".join(text.splitlines())))

    def check(self) -> None:
        """Raises AssertionError, with the tables as they should be, unless the document tells the same people and steps."""
        people = [(word, one.name, _post(one), one.login) for word, one in self._people.items()]
        was = {PEOPLE: people, STEPS: self._rows}
        written = {head: table(self._text, head) for head in was}
        shown = "\n\n".join(markdown(head, rows) for head, rows in was.items())
        assert written == was, f"the document tells something else. It was:\n\n{shown}\n"


def _post(official: Official) -> str:
    capacity = official.capacity
    places = dict.fromkeys((capacity.agency_name, capacity.department_name, capacity.position))
    return " ".join(places)


def table(text: str, head: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows of the table with a head. Raises AssertionError when there is none or more than one."""
    lines = [line.strip() for line in text.splitlines()]
    starts = [number for number, line in enumerate(lines) if _cells(line) == tuple(head)]
    assert len(starts) == 1, f"{len(starts)} tables with the head {' | '.join(head)}"
    rows = []
    for line in lines[starts[0] + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(_cells(line))
    return rows


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as a document has it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))
