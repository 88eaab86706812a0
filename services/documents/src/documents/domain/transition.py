"""Rows of a state machine as data: what the code runs by is what the drawing in docs/ is made from."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from chassis.errors import ConflictError, ForbiddenError
from documents.domain.state import State


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. act: name of what is done. sources: states it is possible in. target: state after it.

    who: relations to the document that permit it, see ``relation``; empty: only the system itself. article: what it rests on.
    """

    act: str
    sources: frozenset[State]
    target: State
    who: frozenset[str]
    article: str


def moved(
    table: Iterable[Transition], state: State, act: str, relations: AbstractSet[str]
) -> State | ConflictError | ForbiddenError:
    """State after an act of somebody with these relations to the document, or why not."""
    rows = [row for row in table if row.act == act]
    permitted = [row for row in rows if row.who & relations]
    if not permitted:
        who = ", ".join(sorted(frozenset().union(*(row.who for row in rows))))
        return ForbiddenError("act-not-yours", params={"act": act, "who": who}, source=rows[0].article if rows else "")
    for row in permitted:
        if state in row.sources:
            return row.target
    return ConflictError("act-not-now", params={"act": act, "state": state.value}, source=permitted[0].article)


def allowed(table: Iterable[Transition], state: State, relations: AbstractSet[str]) -> list[str]:
    """Acts that somebody with these relations may do now, in the order of the table."""
    return list(dict.fromkeys(row.act for row in table if state in row.sources and row.who & relations))
