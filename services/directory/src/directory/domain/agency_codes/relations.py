"""What is odd between rows: parents, tops, names and predecessors that do not fit each other."""

from collections.abc import Iterable, Iterator, Sequence

from directory.domain.agency_codes.columns import Column
from directory.domain.agency_codes.rows import CodeFinding, CodeRow
from directory.domain.agency_codes.tree import Tree


def findings(rows: Sequence[CodeRow]) -> Iterator[CodeFinding]:
    """Everything odd between the rows of a table, in no particular order."""
    tree = Tree(rows)
    yield from _duplicates(rows)
    circular = {code: group for group in tree.parent_circles for code in group}
    for row in rows:
        if row.code in circular:
            yield row.finding("parent-circle", Column.PARENT, codes=" ".join(circular[row.code]))
        yield from _parent(row, tree)
        yield from _agencies(row, tree)
    yield from _succession(rows, tree)


def _duplicates(rows: Iterable[CodeRow]) -> Iterator[CodeFinding]:
    first: dict[str, CodeRow] = {}
    for row in rows:
        known = first.setdefault(row.code, row)
        if known is not row and row.code:
            yield row.finding("duplicate-code", Column.CODE, line=str(known.line), file=str(known.file))


def _parent(row: CodeRow, tree: Tree) -> Iterator[CodeFinding]:
    parent = tree.by_code.get(row.parent_code) if row.parent_code else None
    if row.parent_code and parent is None:
        yield row.finding("unknown-parent", Column.PARENT, parent=row.parent_code)
    expected_level, path = 1, row.name
    if parent is not None:
        expected_level, path = (parent.level or 0) + 1, f"{parent.full_name} {row.name}"
        if parent.abolished and not row.abolished:
            yield row.finding("abolished-parent", Column.PARENT, parent=parent.code)
        elif parent.abolished_on and row.abolished_on and parent.abolished_on < row.abolished_on:
            yield row.finding(
                "outlives-parent", Column.ABOLISHED_ON,
                parent=parent.code, parent_ends=str(parent.abolished_on), ends=str(row.abolished_on),
            )  # fmt: skip
    if parent is not None or not row.parent_code:
        if row.level is not None and row.level != expected_level:
            yield row.finding("level-differs", Column.LEVEL, level=str(row.level), expected=str(expected_level))
        if row.full_name != path:
            yield row.finding("name-differs-from-parents", Column.FULL_NAME, name=row.full_name, expected=path)
    elif not row.full_name.endswith(row.name):
        yield row.finding("name-differs-from-parents", Column.NAME, name=row.full_name, expected=row.name)


def _agencies(row: CodeRow, tree: Tree) -> Iterator[CodeFinding]:
    """Top and representative agency. Both are judged against the chain of parents only where that is whole."""
    for column, code, finding in (
        (Column.TOP, row.top_code, "unknown-top"),
        (Column.REPRESENTATIVE, row.representative_code, "unknown-representative"),
    ):
        if code not in tree.by_code:
            yield row.finding(finding, column, named=code)
    chain = (row, *tree.ancestors(row.code))
    if chain[-1].parent_code:
        return
    if row.top_code in tree.by_code and row.top_code != chain[-1].code:
        yield row.finding("top-differs", Column.TOP, named=row.top_code, expected=chain[-1].code)
    if row.representative_code in tree.by_code and row.representative_code not in {above.code for above in chain}:
        yield row.finding("representative-not-above", Column.REPRESENTATIVE, named=row.representative_code)


def _succession(rows: Iterable[CodeRow], tree: Tree) -> Iterator[CodeFinding]:
    circular = {code: group for group in tree.successor_circles for code in group}
    for row in rows:
        if row.code in circular:
            yield row.finding("successor-circle", Column.PREDECESSORS, codes=" ".join(circular[row.code]))
        for code in row.predecessor_codes:
            predecessor = tree.by_code.get(code)
            if code == row.code:
                yield row.finding("predecessor-of-itself", Column.PREDECESSORS)
            elif predecessor is None:
                yield row.finding("unknown-predecessor", Column.PREDECESSORS, predecessor=code)
            elif not predecessor.abolished:
                yield row.finding("living-predecessor", Column.PREDECESSORS, predecessor=code)
