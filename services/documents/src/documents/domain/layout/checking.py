"""Title and body held against the rules of the official layout, and the body put right where form alone is wrong.

Body -> passages -> changes of every rule -> findings in the order of the text, or the body with the changes made.
Nothing here refuses a document: people decide what becomes of a finding.
"""

import re
from collections.abc import Iterator, Sequence

from documents.domain.layout import ending
from documents.domain.layout.amounts import amount_changes
from documents.domain.layout.dates import day_changes, spoken_days, time_changes
from documents.domain.layout.endings import Edit, attached_findings, end_edits
from documents.domain.layout.finding import RULE, Change, Finding
from documents.domain.layout.items import item_changes, label_of
from documents.domain.markup import Node, parse, serialise
from documents.domain.passages import ITEM, Passage, passages

_DOUBLED = re.compile(r"(?<=[^\s])(?:  +)(?=[^\s])")
# One rule may bring another to light: a day put right ends with the dot that 끝 may follow.
_ROUNDS = 5
_TITLE_RULES = (day_changes, spoken_days, time_changes)
_RULES = (*_TITLE_RULES, amount_changes)


def check(title: str, body: str, attachments: int = 0) -> list[Finding]:
    """Everything about title and body that the layout rules have something to say about, in the order of the text.

    attachments: how many files the document carries.
    """
    texts = passages(parse(body))
    found = [change.finding(title, 0, "title") for change in _title_changes(title)]
    of_body = [_finding(texts, edit) for rule in (_inner_edits, end_edits) for edit in rule(texts)]
    of_body += attached_findings(texts, attachments)
    return found + sorted(of_body, key=lambda each: each.paragraph)


def correct(body: str) -> str:
    """The body with 끝, 이하 빈칸, days and signs of items as the rules want them; no other word changes.

    Correcting twice is correcting once, and what was corrected has no finding that must be mended.
    """
    for _ in range(_ROUNDS):
        before, body = body, _corrected(body)
        if body == before:
            break
    return body


def _corrected(body: str) -> str:
    root = parse(body)
    # Signs and days come last: where 끝 went, running text may have ended that parted two series of items.
    for rule in (end_edits, _inner_edits):
        texts = passages(root)
        for edit in sorted(rule(texts), key=lambda each: (each.number, each.change.start), reverse=True):
            if edit.change.must:
                _made(root, texts, edit)
    return serialise(root)


def _made(root: Node, texts: Sequence[Passage], edit: Edit) -> None:
    if edit.number < len(texts):
        texts[edit.number].replace(edit.change.start, edit.change.end, edit.change.new)
    else:
        root.inside.append(Node("p", {}, [ending.GAP + edit.change.new]))


def _finding(texts: Sequence[Passage], edit: Edit) -> Finding:
    number = min(edit.number, len(texts) - 1)
    return edit.change.finding(texts[number].text if edit.number == number else "", number)


def _title_changes(title: str) -> Iterator[Change]:
    for rule in _TITLE_RULES:
        for change in rule(title):
            yield Change(change.start, change.end, change.new, change.code, change.source, change.params, must=False)
    yield from _doubled(title, 0)


def _inner_edits(texts: Sequence[Passage]) -> Iterator[Edit]:
    """Days, times, sums, blanks of each passage, then the signs of items across them."""
    for number, each in enumerate(texts):
        text = each.text
        for rule in _RULES:
            yield from (Edit(number, change) for change in rule(text))
        yield from (Edit(number, change) for change in _doubled(text, _text_start(text)))
    yield from _item_edits(texts)


def _item_edits(texts: Sequence[Passage]) -> Iterator[Edit]:
    """Items of the text and those of the 붙임 list are numbered apart; tables and lists have their own order."""
    first = ending.attached_from(texts)
    running = [number for number, each in enumerate(texts) if each.place.table is None and each.kind != ITEM]
    main = [number for number in running if first is None or number < first]
    listed = [number for number in running if first is not None and number >= first]
    for numbers in (main, listed):
        starts = [_list_start(texts[number].text) if number == first else 0 for number in numbers]
        pairs = [(texts[number].text, start) for number, start in zip(numbers, starts, strict=True)]
        yield from (Edit(numbers[place], change) for place, change in item_changes(pairs))


def _list_start(text: str) -> int:
    found = ending.ATTACHED.match(text)
    return found.end() if found else 0


def _text_start(text: str) -> int:
    """Where the words begin: behind the sign of an item and behind 붙임 two blanks are customary."""
    start = _list_start(text)
    label = label_of(text, start)
    start = label.end if label else start
    return len(text) - len(text[start:].lstrip())


def _doubled(text: str, start: int) -> Iterator[Change]:
    mark = ending.mark_at_end(text, last=True)
    end = mark.start if mark else len(text)
    for found in _DOUBLED.finditer(text, start, end):
        yield Change(found.start(), found.end(), " ", "layout-blanks-doubled", RULE, must=False)
