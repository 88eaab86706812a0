"""Boxes: which documents lie in which, a page of each, and their numbers.

Pages run over the one index that is in the order of the box; states stand in the texts, because only so does the planner
see that a partial index holds them. Numbers come from one function of the database, which reads indexes alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork
from documents.domain.relating import ACCEPTED
from documents.domain.state import REGISTERED, State
from documents.queries.reader import Reader

FIELDS = """
SELECT d.id, d.title, d.state, d.department_name, d.drafter_name, d.changed_at, d.attachment_count, d.line_id,
    -- Only what has no number yet is asked for its disclosure.
    r.disclosure, CASE WHEN r.document_id IS NULL THEN d.content END AS content, d.recipients_label, d.author_id, r.cancelled,
    r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on
"""
SUMMARIES = f"{FIELDS} FROM document d LEFT JOIN registration r ON r.document_id = d.id WHERE d.id = ANY ($1::uuid[])"
SENDING = (State.SENDING, State.SENT, State.SENT_PARTIAL)
WAITING = (State.SEND_WAIT, State.SEAL_REJECTED, State.SEND_HELD)
UNDISTRIBUTED = (State.ARRIVED, State.REDISTRIBUTION_ASKED)
UNDER_WAY = (State.IN_PATH, State.HELD)
# Fewer rows than these are found by their state and sorted, rather than by walking through the register.
FEW = 1_000
FAR = 2_000
HIGHEST = UUID(int=2**128 - 1)
_COUNTS = "SELECT box, n FROM count_boxes()"


def _in(states: Iterable[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


def _by_id(condition: str, states: Iterable[State], reason: str = "''") -> str:
    return f"""{FIELDS}, {reason} AS reason FROM document d LEFT JOIN registration r ON r.document_id = d.id
    WHERE {condition} AND d.state IN ({_in(states)}) AND d.id < $3 ORDER BY d.id DESC LIMIT $4"""


# The offset keeps the planner from beginning at the audience, whose rows it takes for few.
_VISIBLE = "EXISTS (SELECT FROM audience a WHERE a.document_id = d.id AND a.token = {} OFFSET 0)"
# The register is walked from its end, not farther than FAR: then a page is found, or what is looked for is rare.
_REGISTER = (
    FIELDS
    + """, '' AS reason FROM (
        SELECT * FROM registration o WHERE o.department_code = $1 AND (o.year, o.serial) < ($3, $4) AND $2 <> ''
        ORDER BY o.year DESC, o.serial DESC LIMIT {far}
    ) AS r CROSS JOIN LATERAL (
        SELECT * FROM document e WHERE e.id = r.document_id AND e.department_code = $1 AND e.state IN ({states})
        AND EXISTS (SELECT FROM audience a WHERE a.document_id = e.id AND a.token = 'department:' || $1 OFFSET 0) OFFSET 0
    ) AS d ORDER BY r.year DESC, r.serial DESC LIMIT $5"""
)
_AT_MOST = """
SELECT count(*) FROM (
    SELECT FROM document d WHERE d.department_code = $1 AND d.state IN ({states}) LIMIT {few}
) AS found
"""
# The same rows by way of their state, where they are few; the offset keeps the planner from walking the register.
_SORTED = (
    FIELDS
    + """, '' AS reason FROM (
        SELECT d.* FROM document d WHERE d.department_code = $1 AND d.state IN ({states}) AND $2 <> ''
        AND EXISTS (SELECT FROM audience a WHERE a.document_id = d.id AND a.token = 'department:' || $1 OFFSET 0) OFFSET 0
    ) AS d CROSS JOIN LATERAL (SELECT * FROM registration o WHERE o.document_id = d.id OFFSET 0) AS r
    WHERE r.department_code = $1 AND (r.year, r.serial) < ($3, $4)
    ORDER BY r.year DESC, r.serial DESC LIMIT $5"""
)
_OFFICIAL, _DEPARTMENT, _AGENCY = "'official:' || $1", "'department:' || $1", "$2"
# $1 official or department, $2 agency, $3 id to go on below, $4 how many.
_STATEMENTS: Mapping[str, tuple[str, str]] = {
    "drafts": (
        "official",
        f"""{FIELDS}, '' AS reason FROM document d LEFT JOIN registration r ON r.document_id = d.id WHERE d.id IN (
            SELECT o.id FROM document o WHERE o.author_id = $1 AND o.agency_id = $2 AND o.state = 'draft'
            UNION ALL
            SELECT c.document_id FROM audience c WHERE c.token = 'official:' || $1 AND c.basis = 'co-drafter'
        ) AND d.state = 'draft' AND d.id < $3 ORDER BY d.id DESC LIMIT $4""",
    ),
    "in-progress": (
        "official",
        _by_id(f"d.agency_id = $2 AND {_VISIBLE.format(_OFFICIAL)}", UNDER_WAY),
    ),
    "returned": (
        "official",
        _by_id(
            "d.author_id = $1 AND d.agency_id = $2 AND (d.state <> 'refused' OR d.origin IS NULL)",
            (State.RETURNED, State.REFUSED),
        ),
    ),
    "arrived": (
        "official",
        _by_id(
            "d.agency_id = $2 AND EXISTS (SELECT FROM audience a WHERE a.document_id = d.id"
            " AND a.token <> 'official:' || $1 OFFSET 0)",
            UNDISTRIBUTED,
        ),
    ),
    "to-accept": ("department", _by_id("d.department_code = $1 AND d.agency_id = $2", (State.TO_ACCEPT,))),
    "to-assign": ("department", _by_id("d.department_code = $1 AND d.agency_id = $2", (State.ACCEPTED,))),
    "send-wait": ("department", _by_id("d.department_code = $1 AND d.agency_id = $2", WAITING)),
    "seal-review": ("official", _by_id("$1 <> '' AND d.agency_id = $2", (State.SEAL_REVIEW,))),
    "in-charge": ("official", _by_id("d.in_charge_id = $1 AND d.agency_id = $2", (State.ASSIGNED,))),
    "to-read": (
        "official",
        f"""{FIELDS}, c.kind AS reason FROM circulation c JOIN document d ON d.id = c.document_id
        LEFT JOIN registration r ON r.document_id = d.id
        WHERE c.official_id = $1 AND c.reader_agency = $2 AND c.read_at IS NULL AND d.id < $3
        ORDER BY d.id DESC LIMIT $4""",
    ),
    "to-settle": (
        "department",
        f"""{FIELDS}, v.reason FROM (
            SELECT DISTINCT ON (document_id) document_id, reason FROM delivery
            WHERE agency_id = $2 AND needs_person ORDER BY document_id, position
        ) AS v JOIN document d ON d.id = v.document_id LEFT JOIN registration r ON r.document_id = d.id
        WHERE d.department_code = $1 AND d.id < $3 ORDER BY d.id DESC LIMIT $4""",
    ),
    "recipients-asked": (
        "department",
        f"""{FIELDS}, '' AS reason FROM document d LEFT JOIN registration r ON r.document_id = d.id
        WHERE d.department_code = $1 AND d.id < $3
        AND d.id IN (SELECT x.document_id FROM recipient_addition x WHERE x.agency_id = $2 AND x.state = 'asked')
        ORDER BY d.id DESC LIMIT $4""",
    ),
}
REGISTERS: Mapping[str, frozenset[State]] = {
    "registered": REGISTERED,
    "sent": frozenset(SENDING),
    "received": ACCEPTED,
}
"""문서등록대장 of the caller's department, in the order of its numbers."""
BOXES = (*_STATEMENTS, *REGISTERS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page goes on: below an id, or below a number of the register."""

    id: UUID = HIGHEST
    year: int = 9999
    serial: int = 2**62


async def page(unit: UnitOfWork, reader: Reader, box: str, place: Place, limit: int) -> Sequence[asyncpg.Record]:
    """A page of a box, newest first."""
    if box in REGISTERS:
        return await _register(unit, reader, REGISTERS[box], place, limit)
    whose, statement = _STATEMENTS[box]
    key = reader.official_id if whose == "official" else reader.department_code
    if not key or (box == "seal-review" and "seal-keeper" not in reader.roles):
        return []
    return await unit.fetch(statement, key, reader.agency_id, place.id, limit)


async def _register(
    unit: UnitOfWork, reader: Reader, states: frozenset[State], place: Place, limit: int
) -> Sequence[asyncpg.Record]:
    if not reader.department_code:
        return []
    listed = _in(states)
    arguments = (reader.department_code, reader.agency_id, place.year, place.serial, limit)
    if states != REGISTERED:
        found = await unit.fetch(_AT_MOST.format(states=listed, few=FEW), reader.department_code)
        if found[0]["count"] < FEW:
            return await unit.fetch(_SORTED.format(states=listed), *arguments)
    rows = await unit.fetch(_REGISTER.format(states=listed, far=FAR), *arguments)
    if len(rows) == limit:
        return rows
    return await unit.fetch(_SORTED.format(states=listed), *arguments)


async def counts(unit: UnitOfWork) -> Mapping[str, int]:
    """Numbers of all boxes of the caller; what is missing is empty."""
    found: Counter[str] = Counter()
    for row in await unit.fetch(_COUNTS):
        found[row["box"]] += row["n"]
    return found
