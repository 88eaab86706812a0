"""Disclosure (공개구분): level, items of 정보공개법 9①, reason. L3 art. 27, L4 art. 18: 기록물관리법 시행령 27, 시행규칙 18."""

from collections.abc import Sequence

from chassis.errors import Problem

OPEN, PARTIAL, CLOSED = 1, 2, 3
ITEMS = range(1, 9)
SOURCE = "공공기록물법 시행규칙 18"


def problems_of(level: int, items: Sequence[int], reason: str) -> list[Problem]:
    """What is missing or wrong; a partly open or closed document names items and a reason."""
    if level not in {OPEN, PARTIAL, CLOSED}:
        return [Problem("disclosure-missing", {}, "document.disclosure.level", SOURCE)]
    wrong = [item for item in items if item not in ITEMS]
    problems = [
        Problem("disclosure-item-unknown", {"item": str(item)}, "document.disclosure.items", SOURCE) for item in wrong
    ]
    if level == OPEN:
        if items:
            problems.append(Problem("disclosure-item-of-open", {}, "document.disclosure.items", SOURCE))
        return problems
    if not items:
        problems.append(Problem("disclosure-item-missing", {}, "document.disclosure.items", SOURCE))
    if not reason.strip():
        problems.append(Problem("disclosure-reason-missing", {}, "document.disclosure.reason", SOURCE))
    return problems
