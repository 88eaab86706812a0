"""Cuts a small table out of public tables of agency codes: `python -m tools.code_excerpt OUT IN... [--keep CODE...]`.

bytes of whole tables -> rows worth having on a machine without them -> the same lines, byte for byte, in their order.
Worth having: the tops and every agency, what shows a reorganisation that leads to a living unit, one row for each kind of
finding, the codes asked for, some living departments; and all rows above them, wherever the tables have those.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from directory.domain.agency_codes import CodeRow, Outcome, Table, Tree, parse

LARGEST = 300
"""Rows; enough for tests and demonstrations, small enough to read."""


def excerpt(files: Sequence[bytes], keep: Iterable[str] = (), largest: int = LARGEST) -> bytes:
    """Lines of the first file's heading and of the chosen rows. Units asked for stand first, living ones fill up."""
    table = parse(*files)
    tree = Tree(table.rows)
    chosen: dict[str, None] = {}
    for code in _wanted(table, tree, keep):
        closure = _closure(code, tree, chosen)
        if len(chosen) + len(closure) <= largest:
            chosen.update(dict.fromkeys(closure))
    lines = [data.split(b"\n") for data in files]
    kept = [lines[row.file][row.line - 1] for row in table.rows if row.code in chosen]
    return b"".join(line.rstrip(b"\r") + b"\n" for line in (lines[0][0], *kept))


def _wanted(table: Table, tree: Tree, keep: Iterable[str]) -> Iterator[str]:
    """Codes in the order in which they matter."""
    asked = set(keep)
    yield from sorted(asked)
    yield from (row.code for row in table.rows if not row.parent_code)
    yield from (row.code for row in table.rows if row.code == row.representative_code)
    yield from {finding.code: finding.unit_code for finding in reversed(table.findings)}.values()
    yield from _reorganised(table, tree)
    seats = {row.representative_code for row in table.rows if row.code in asked}
    yield from (row.code for row in _departments(table, tree) if row.representative_code in seats)
    yield from (row.code for row in _departments(table, tree))


def _reorganised(table: Table, tree: Tree) -> Iterator[str]:
    """Abolished units that somebody alive carries on."""
    day = table.as_of or date.max
    for row in table.rows:
        if row.abolished and tree.resolve(row.code, day).outcome is Outcome.RESOLVED:
            yield row.code


def _departments(table: Table, tree: Tree) -> Iterator[CodeRow]:
    """Living units, from the top of the tree downwards."""
    living = (row for row in table.rows if not row.abolished)
    return iter(sorted(living, key=lambda row: (len(tree.ancestors(row.code)), row.order or 0, row.code)))


def _closure(code: str, tree: Tree, chosen: dict[str, None]) -> list[str]:
    """A code with all rows above it, its agencies, its predecessors and all that followed it; without those chosen."""
    found: dict[str, None] = {}
    waiting = [code]
    while waiting:
        here = waiting.pop()
        row = tree.by_code.get(here)
        if row is None or here in chosen or here in found:
            continue
        found[here] = None
        waiting += [row.parent_code, row.top_code, row.representative_code, *row.predecessor_codes]
        waiting += tree.successors(here)
    return list(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the excerpt; 1 when an input cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m tools.code_excerpt", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("table", type=Path, nargs="+")
    parser.add_argument("--keep", nargs="*", default=[], metavar="CODE", help="codes that must be in")
    parser.add_argument("--largest", type=int, default=LARGEST, metavar="ROWS")
    options = parser.parse_args(arguments)
    try:
        files = [path.read_bytes() for path in options.table]
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    data = excerpt(files, options.keep, options.largest)
    options.out.write_bytes(data)
    print(f"{options.out}: {len(data.splitlines()) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
