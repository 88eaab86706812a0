"""What is wrong with the end of a text, and with its 붙임 list: passages -> edits and findings (시행규칙 4④⑤)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chassis.errors import Problem
from documents.domain.layout import ending
from documents.domain.layout.finding import Change, Finding
from documents.domain.layout.items import label_of
from documents.domain.markup import Node
from documents.domain.passages import Passage


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one passage, by its number; the number behind the last one means a new paragraph."""

    number: int
    change: Change


def end_edits(texts: Sequence[Passage]) -> Iterator[Edit]:
    """What is wrong with 끝: missing, too early, without its room, or in place of 이하 빈칸."""
    filled = [number for number, each in enumerate(texts) if each.text.strip()]
    if not filled:
        return
    last = filled[-1]
    for number in filled[:-1]:
        early = ending.mark_at_end(texts[number].text, last=False) if texts[number].place.table is None else None
        if early is not None:
            yield Edit(number, _taken_out(early))
    table = texts[last].place.table
    if table is None:
        yield from _running_end(texts, last)
    else:
        yield from _table_end(texts, table)


def _taken_out(mark: ending.Mark) -> Change:
    start, more = mark.start, ending.mark_at_end(mark.text[: mark.start], last=False)
    while more is not None:
        start = more.start
        more = ending.mark_at_end(mark.text[:start], last=False)
    return Change(start, len(mark.text), "", "layout-end-early", ending.SOURCE)


def _running_end(texts: Sequence[Passage], last: int) -> Iterator[Edit]:
    text = texts[last].text
    mark = ending.mark_at_end(text, last=True)
    if mark is None:
        new = ending.GAP + ending.END
        yield Edit(last, Change(len(text.rstrip()), len(text), new, "layout-end-missing", ending.SOURCE))
    elif mark.alone and (table := _table_before(texts, last)) is not None and not _is_full(table):
        yield Edit(last, Change(0, len(text), "", "layout-end-below-blanks", ending.SOURCE))
        yield from _rest_blank(texts, table)
    elif not mark.well_set:
        yield Edit(last, Change(mark.start, mark.mark, ending.GAP, "layout-end-room", ending.SOURCE))


def _table_end(texts: Sequence[Passage], table: Node) -> Iterator[Edit]:
    if _is_full(table):
        yield Edit(len(texts), Change(0, 0, ending.END, "layout-end-missing", ending.SOURCE))
    else:
        yield from _rest_blank(texts, table)


def _rest_blank(texts: Sequence[Passage], table: Node) -> Iterator[Edit]:
    cell = ending.half_filled(table)
    for number, each in enumerate(texts):
        if cell is not None and each.place.cell is cell:
            new = ending.REST_BLANK
            yield Edit(number, Change(0, len(each.text), new, "layout-rest-blank-missing", ending.SOURCE))
            return


def _table_before(texts: Sequence[Passage], number: int) -> Node | None:
    """The table that is the last thing before a passage."""
    before = next((each for each in reversed(texts[:number]) if each.text.strip()), None)
    return None if before is None else before.place.table


def _is_full(table: Node) -> bool:
    return ending.half_filled(table) is None and not ending.says_rest_blank(table)


def attached_findings(texts: Sequence[Passage], attachments: int) -> list[Finding]:
    """Advice where the 붙임 list and the files do not go together; what is attached may be paper."""
    first = ending.attached_from(texts)
    if first is None:
        return (
            [] if not attachments else [_advice("layout-attachments-unlisted", max(len(texts) - 1, 0), 0, attachments)]
        )
    listed = _listed(texts, first)
    return [] if listed == attachments else [_advice("layout-attachments-differ", first, listed, attachments)]


def _advice(code: str, paragraph: int, listed: int, attached: int) -> Finding:
    params = {"listed": str(listed), "attached": str(attached)}
    return Finding(Problem(code, params, "body", ending.ATTACHED_SOURCE), paragraph=paragraph)


def _listed(texts: Sequence[Passage], first: int) -> int:
    found = ending.ATTACHED.match(texts[first].text)
    starts = [found.end() if found else 0] + [0] * (len(texts) - first - 1)
    running = [
        (each.text, start) for each, start in zip(texts[first:], starts, strict=True) if each.place.table is None
    ]
    labels = [label for text, start in running if (label := label_of(text, start)) is not None and label.level == 1]
    mark = ending.END.rstrip(".")
    said = any(text[start:].replace(mark, "").strip(" .\u00a0") for text, start in running)
    return len(labels) or int(said)
