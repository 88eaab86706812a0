"""Rows of the audience table, made from the rule of visibility: whoever changes what the rule looks at comes through here.

card's row and document -> ``facts_of`` -> ``domain.visibility`` -> rows. Adding costs no statement of its own; taking away
goes through a function of the database, because the rows are other people's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain import searching, visibility
from documents.domain.state import State
from documents.domain.visibility import Bearer, Facts, Range
from documents.ports.directory import View
from documents.tables import AUDIENCE, SEARCH_ENTRY, TIMER
from onnara.exchange.v1 import official_document_pb2 as pb

_RANGES = {
    pb.READING_RANGE_ALL: Range.ALL,
    pb.READING_RANGE_ORGAN: Range.ORGAN,
    pb.READING_RANGE_DIVISION: Range.DIVISION,
    pb.READING_RANGE_DEPARTMENT: Range.DEPARTMENT,
    pb.READING_RANGE_LINE: Range.LINE,
}
OPENING = "open-reading"
"""Kind of the timer of a document whose reading range holds from a day on."""
_SHOWN = """
SELECT 'official:' || official_id AS token, reader_agency FROM circulation WHERE document_id = $1
"""
_GRANTED = "SELECT token, reader_agency, granted_at FROM reader_grant WHERE document_id = $1 AND revoked_at IS NULL"
_REPLACE = """
(document_id) DO UPDATE SET title = excluded.title, people = excluded.people
WHERE (search_entry.title, search_entry.people) <> (excluded.title, excluded.people)
"""
_CHANGE = "SELECT change_audience($1, $2, $3, $4, $5, $6)"


def facts_of(row: Mapping[str, Any], document: pb.OfficialDocument, view: View | None, today: date) -> Facts:
    """What the rule looks at, from a card and its document with steps; without circulation and grants.

    view: None before the decision, when no range counts. today: in the agency's time zone.
    """
    home = row["agency_id"]
    reach = _RANGES.get(document.reading_range, Range.DEPARTMENT)
    division = view.division_of(row["department_code"]) if view and reach >= Range.DIVISION else frozenset()
    return Facts(
        state=row["state"],
        agency_id=home,
        department_code=row["department_code"],
        author_id=row["author_id"],
        co_drafters=frozenset(row.get("co_drafters") or ()),
        line=bearers_of((step for step in document.steps if step.role != pb.STEP_ROLE_AFTER), home),
        after=bearers_of((step for step in document.steps if step.role == pb.STEP_ROLE_AFTER), home),
        range=reach,
        division=frozenset(division),
        until=limit_of(document),
        today=today,
        received=not row["author_id"],
        seats=frozenset({row["department_code"]}),
        in_charge=row.get("in_charge_id") or "",
    )


def limit_of(document: pb.OfficialDocument) -> date | None:
    """First day on which the reading range holds; None when it holds from the decision on."""
    if document.reading_limit != pb.READING_LIMIT_UNTIL_DAY or not document.reading_limit_until:
        return None
    return date.fromisoformat(document.reading_limit_until)


def bearers_of(steps: Iterable[pb.ApprovalStep], agency_id: str) -> frozenset[Bearer]:
    """People of steps, with deputies who acted and departments' own lines; a department that is asked takes part as such."""
    found: set[Bearer] = set()
    for step in steps:
        home = step.agency_id or agency_id
        people = {step.person.official_id, step.acted_by.official_id} - {""}
        found.update(visibility.official(official_id, home) for official_id in people)
        if step.department_code:
            found.add(visibility.department(step.department_code, home))
        found.update(bearers_of(step.sub_steps, home))
    return frozenset(found)


def today_of(row: Mapping[str, Any], view: View, unit: UnitOfWork) -> date:
    """The day in the time zone of the card's agency."""
    return unit.now.astimezone(ZoneInfo(view.zone(row["agency_id"]))).date()


def show(unit: UnitOfWork, document_id: UUID, token: str, agency_id: str, basis: str = "") -> None:
    """Lets the bearers of a token see a document. agency_id: theirs. basis: by what right, see domain.visibility."""
    basis = basis or {"official": "line", "department": "department"}.get(token.partition(":")[0], "agency")
    unit.insert(
        AUDIENCE,
        {
            "token": token,
            "document_id": document_id,
            "reader_agency": agency_id,
            "registered_at": unit.now,
            "basis": basis,
        },
        # Without naming the key: naming it would ask for the right to see the row, which is often somebody else's.
        conflict="DO NOTHING",
    )


async def hide(unit: UnitOfWork, document_id: UUID, tokens: Iterable[str]) -> None:
    """Takes a document out of the sight of the bearers of tokens; one statement, none without tokens."""
    if removed := sorted(tokens):
        await unit.fetch(_CHANGE, document_id, [], [], [], removed, unit.now)


def set_audience(
    unit: UnitOfWork, row: Mapping[str, Any], document: pb.OfficialDocument, view: View | None = None
) -> None:
    """Adds the readers that the rule gives a card as it is now, who find it from then on; nobody is taken away.

    view: not needed before the decision. Writes at flush, two statements for the whole batch.
    """
    facts = facts_of(row, document, view, today_of(row, view, unit) if view else date.min)
    for bearer, basis in visibility.readers_of(facts).items():
        show(unit, row["id"], bearer.token, bearer.agency_id, basis)
    if view:
        open_later(unit, row, facts, view)
    if row["state"] != State.DRAFT:
        make_findable(unit, row, document)


def open_later(unit: UnitOfWork, row: Mapping[str, Any], facts: Facts, view: View) -> None:
    """Sets the clock for the day on which the reading range begins to hold; nothing for what has no such day ahead."""
    if facts.until is None or facts.until <= facts.today or facts.state in visibility.BEFORE_DECISION:
        return
    due = datetime.combine(facts.until, time.min, ZoneInfo(view.zone(row["agency_id"])))
    timer = {"id": uuid7(), "kind": OPENING, "key": f"{row['id']}|{facts.until}", "due_at": due}
    rest = {"payload": {"document": str(row["id"])}, "next_attempt_at": due}
    unit.insert(TIMER, timer | rest, conflict="(kind, key) DO NOTHING")


def make_findable(unit: UnitOfWork, row: Mapping[str, Any], document: pb.OfficialDocument, *names: str) -> None:
    """Lets a document be found by its title and by the names of its people and of others."""
    people = (step.person.name for step in document.steps)
    unit.insert(
        SEARCH_ENTRY,
        {
            "document_id": row["id"],
            "title": searching.plain(document.title),
            "people": searching.people_of((row["drafter_name"], *people, *names)),
        },
        conflict=_REPLACE,
    )


async def known_facts(unit: UnitOfWork, row: Mapping[str, Any], document: pb.OfficialDocument, view: View) -> Facts:
    """The same with circulation and grants, as they are stored; two statements."""
    shown = await unit.fetch(_SHOWN, row["id"])
    granted = await unit.fetch(_GRANTED, row["id"])
    return replace(
        facts_of(row, document, view, today_of(row, view, unit)),
        circulated=frozenset(Bearer(each["token"], each["reader_agency"]) for each in shown),
        granted=frozenset(Bearer(each["token"], each["reader_agency"]) for each in granted),
    )


async def change_audience(unit: UnitOfWork, document_id: UUID, before: Facts, after: Facts) -> bool:
    """Writes the difference between two states of a card's facts; False when the database does not let the caller."""
    old, new = visibility.readers_of(before), visibility.readers_of(after)
    written = {bearer: basis for bearer, basis in new.items() if old.get(bearer) != basis}
    removed = visibility.diff(old, new).removed
    rows = await unit.fetch(
        _CHANGE,
        document_id,
        [bearer.token for bearer in written],
        [bearer.agency_id for bearer in written],
        [basis.value for basis in written.values()],
        [bearer.token for bearer in removed],
        unit.now,
    )
    return bool(rows[0]["change_audience"])


async def set_co_drafters(
    unit: UnitOfWork, row: Mapping[str, Any], before: Sequence[str], after: Sequence[str]
) -> None:
    """Those who write on a private draft beside its author: all of them."""
    empty = Facts(row["state"], row["agency_id"], row["department_code"], row["author_id"])
    was, will = frozenset(before), frozenset(after)
    await change_audience(unit, row["id"], replace(empty, co_drafters=was), replace(empty, co_drafters=will))
