"""The table as it stands in ``docs/authorisation.md``: read for the test, and written anew when somebody has decided on a change.

A line of the table: who may, in the order of the people on top of the page, and the stages of a document it holds for.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from authorisation.personas import PERSONAS, POSTS
from authorisation.services import SERVICES

PAGE = Path(__file__).parents[2] / "docs" / "authorisation.md"
EVERYWHERE = "-"
GROUP = 5
Table: TypeAlias = Mapping[tuple[str, str], str]
"""Letters, one per person, by method and stage (``EVERYWHERE`` when no document is asked about)."""

_TOP = """# Who may do what

Every method of every service, carried out as everybody who could call it, on a document in every state. The table is the
test: `tests/authorisation` makes each of the calls against the running services and compares the answer with this page.
Written anew by `ONNARA_RECORD_AUTHORISATION=1 make test ARGS=tests/authorisation`; read the difference before it lands.

| sign | means |
|---|---|
| `+` | done |
| `~` | may, but not as the document stands now, or not with these values |
| `-` | refused: sees it, but it is not theirs to do |
| `.` | hidden: there is no such thing for them |
| `x` | nobody knows who calls |

Row-level security and the services judge alike: what is hidden here is hidden from every query. Methods that carry a session
in place of a token (signing in, own passkeys and sessions) judge by the session. `ListChanges` is open to the suite's own
services, which cannot verify a token before they have read the keys; keep the directory's port inside, or require client
certificates (`ONNARA_DIRECTORY_TLS_CLIENT_CA`).

## The people

"""


def read() -> dict[tuple[str, str], str]:
    """The table of the page."""
    found: dict[tuple[str, str], str] = {}
    method = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            method = line[4:].strip("`")
        elif line.startswith("    "):
            letters, _, stages = line.strip().partition("  ")
            for stage in stages.strip().split(", "):
                found[method, stage] = letters.replace(" ", "")
    return found


def write(table: Table) -> None:
    """Writes the page."""
    PAGE.write_text("".join(_lines(table)), encoding="utf-8")


def _lines(table: Table) -> Iterator[str]:
    yield _TOP
    yield "| | who | |\n|---|---|---|\n"
    for number, persona in enumerate(PERSONAS, start=1):
        yield f"| {number} | {POSTS[persona].english} | {POSTS[persona].korean} |\n"
    for service in SERVICES.values():
        yield f"\n## {service.name}\n"
        methods = [key[0] for key in table if key[0].startswith(f"{service.name}/")]
        for method in dict.fromkeys(methods):
            yield f"\n### `{method}`\n\n"
            yield from _rows([(stage, letters) for (name, stage), letters in table.items() if name == method])


def _rows(cells: Sequence[tuple[str, str]]) -> Iterator[str]:
    order = {letters: number for number, (_, letters) in reversed(list(enumerate(cells)))}
    for letters, group in groupby(sorted(cells, key=lambda cell: order[cell[1]]), key=lambda cell: cell[1]):
        spaced = " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
        yield f"    {spaced}  {', '.join(stage for stage, _ in group)}\n"
