"""Headings to columns: which cell of a row is which column, and what is missing, new, doubled or renamed."""

from collections.abc import Sequence

from adapters.formats.charset import BLANKS
from adapters.formats.delimited.dialect import Column
from adapters.formats.findings import Finding, loss, reject


def match(titles: Sequence[str], columns: Sequence[Column], offset: int) -> tuple[tuple[str, ...], list[Finding]]:
    """Give the column's name for each heading (empty: none of ours), and what does not fit. Case and blanks do not count.

    A missing column whose usual place holds an unknown heading is told as renamed; its values are not guessed at.
    """
    known = {_plain(title): column.name for column in columns for title in (column.name, *column.titles)}
    names: list[str] = []
    findings: list[Finding] = []
    for title in titles:
        name = known.get(_plain(title), "")
        if name and name in names:
            findings.append(reject("column-twice", name, offset=offset, title=title))
            name = ""
        names.append(name)
    renamed: set[int] = set()
    for index, column in enumerate(columns):
        if column.name in names:
            continue
        make = reject if column.required else loss
        if index < len(titles) and not names[index] and _plain(titles[index]):
            findings.append(make("column-renamed", column.name, offset=offset, title=titles[index]))
            renamed.add(index)
        else:
            findings.append(make("column-missing", column.name, offset=offset))
    for index, title in enumerate(titles):
        if index not in renamed and not names[index] and _plain(title) and _plain(title) not in known:
            findings.append(loss("column-extra", title, offset=offset, place=str(index + 1)))
    return tuple(names), findings


def _plain(title: str) -> str:
    return "".join(title.strip(BLANKS).split()).casefold()
