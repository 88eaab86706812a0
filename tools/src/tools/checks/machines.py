"""Drawings of the state machines, made from the tables the services run by: domain code -> `docs/machines.md`.

`python -m tools.checks machines` says when the file is not what the code says; `python -m tools.checks draw` writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from approval.domain import machine as line_machine
from documents.domain import dispatching, handing, produced, receiving
from documents.domain.transition import Transition
from tools.checkout import ROOT
from tools.checks.finding import Finding

FILE = ROOT / "docs" / "machines.md"
_START = "[*]"
_HEAD = """# The state machines

Drawn from the tables the services run by (`approval/domain/machine.py`, `documents/domain/produced.py`, `dispatching.py`,
`receiving.py`, `handing.py`); written by `python -m tools.checks draw`, and `make check` says when it is not what the code says.

Each state has one owner: `approval` owns a line from submitted to decided, `documents` the private draft before it and
everything from registration on. Acts without a person are the system's own: they follow from what came in.
Articles without a name are those of 행정업무의 운영 및 혁신에 관한 규정.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One transition as drawn."""

    source: str
    act: str
    who: str
    target: str
    article: str


def check() -> tuple[list[Finding], str]:
    """The file beside what the code says."""
    wanted = drawn()
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != wanted:
        return [Finding("docs/machines.md", 0, "is not what the code says: python -m tools.checks draw")], ""
    return [], "the drawings are what the services run by"


def draw() -> bool:
    """Writes the file; True when it has changed."""
    wanted = drawn()
    if FILE.exists() and FILE.read_text(encoding="utf-8") == wanted:
        return False
    FILE.write_text(wanted, encoding="utf-8")
    return True


def drawn() -> str:
    """The whole file."""
    parts = [
        ("The approval line (결재선)", _line_rows()),
        ("Produced documents (생산문서)", _document_rows(produced.TABLE)),
        ("Sending (발송)", _document_rows(dispatching.TABLE)),
        ("Received documents (접수문서)", _document_rows(receiving.TABLE)),
        ("Hand-over of records (이관)", _document_rows(handing.TABLE)),
    ]
    return _HEAD + "".join(_part(title, list(dict.fromkeys(rows))) for title, rows in parts)


def _line_rows() -> Iterable[Row]:
    for row in line_machine.TABLE:
        place = f" ({row.place.value})" if row.place.value else ""
        who = ", ".join(sorted(each.value for each in row.who))
        source = row.source.value if row.source else _START
        yield Row(source, row.act.value + place, who, row.target.value, row.article)


def _document_rows(table: Iterable[Transition]) -> Iterable[Row]:
    for row in table:
        who = ", ".join(sorted(row.who))
        for source in sorted(state.value for state in row.sources) or [_START]:
            yield Row(source, row.act, who, row.target.value, row.article)


def _part(title: str, rows: list[Row]) -> str:
    moves = dict.fromkeys(
        (row.source, row.target, row.act.partition(" (")[0]) for row in rows if row.source != row.target
    )
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, target, act in moves:
        arrows.setdefault((source, target), []).append(act)
    lines = [f"\n## {title}\n", "```mermaid", "stateDiagram-v2"]
    names = dict.fromkeys(name for pair in arrows for name in pair if "-" in name)
    lines += [f'    state "{name}" as {_id(name)}' for name in names]
    lines += [f"    {_id(source)} --> {_id(target)}: {', '.join(acts)}" for (source, target), acts in arrows.items()]
    lines += ["```\n", "| in state | act | by whom | then | rests on |", "|---|---|---|---|---|"]
    lines += [
        f"| {'–' if source == _START else source} | {act} | {who or 'the system'} | {target} | {article} |"
        for source, act, who, target, article in _gathered(rows)
    ]
    return "\n".join(lines) + "\n"


def _id(state: str) -> str:
    """A state's name as the drawing language takes it."""
    return state.replace("-", "_")


def _gathered(rows: list[Row]) -> list[tuple[str, str, str, str, str]]:
    """Rows that differ only in where they start, as one."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for row in rows:
        target = "stays" if row.source == row.target else row.target
        found.setdefault((row.act, row.who, target, row.article), []).append(row.source)
    return [(", ".join(sources), *key) for key, sources in found.items()]
