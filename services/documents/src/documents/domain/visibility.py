"""Who may read a document: one rule, from what the document says of itself to the rows of the audience table.

Range and limit are the drafter's choice (열람범위, 열람제한) and hold from registration on; before the decision a document is
its line's affair (행정업무규정 9, 10), and before submission its drafter's alone. Whom it was shown to on purpose (공람, 통보,
열람 허가) reads it whatever the range; the records officer answers for the register (공공기록물법 시행규칙 15).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from documents.domain.state import State

EVERYBODY = "all"
ANY_AGENCY = "*"
"""Agency of a row that holds for readers of every agency."""


class Range(IntEnum):
    """열람범위, from narrow to wide."""

    LINE = 1
    DEPARTMENT = 2
    DIVISION = 3
    ORGAN = 4
    ALL = 5


class Basis(StrEnum):
    """Right by which somebody reads, the strongest first."""

    AUTHOR = "author"
    CO_DRAFTER = "co-drafter"
    LINE = "line"
    IN_CHARGE = "in-charge"
    DEPARTMENT = "department"
    DIVISION = "division"
    AGENCY = "agency"
    GRANT = "grant"
    CIRCULATION = "circulation"
    KEEPER = "keeper"
    RECORDS = "records"
    ALL = "all"


_STRENGTH = {basis: place for place, basis in enumerate(Basis)}
RIGHTS = {
    basis: {
        Basis.CO_DRAFTER: "author",
        Basis.IN_CHARGE: "line",
        Basis.KEEPER: "line",
        Basis.DIVISION: "department",
    }.get(basis, basis.value)
    for basis in Basis
}
"""Right as the list of readings names it."""

BEFORE_DECISION = frozenset({State.IN_PATH, State.HELD, State.RETURNED, State.REFUSED, State.STOPPED})


@dataclass(frozen=True, slots=True, order=True)
class Bearer:
    """A token and the agency whose people bear it."""

    token: str
    agency_id: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rule looks at.

    line: bearers of the steps before the decision. after: bearers of 후열 and 통보. division: codes of the departments of
    the division, with the department itself. until: first day on which the range holds, None without 열람제한.
    today: in the agency's time zone. received: of another agency; seats: departments it lies with.
    """

    state: State
    agency_id: str
    department_code: str
    author_id: str = ""
    co_drafters: frozenset[str] = frozenset()
    line: frozenset[Bearer] = frozenset()
    after: frozenset[Bearer] = frozenset()
    range: Range = Range.DEPARTMENT
    division: frozenset[str] = frozenset()
    until: date | None = None
    today: date = date.min
    received: bool = False
    seats: frozenset[str] = frozenset()
    in_charge: str = ""
    circulated: frozenset[Bearer] = frozenset()
    granted: frozenset[Bearer] = frozenset()


Readers = Mapping[Bearer, Basis]


def readers_of(facts: Facts) -> dict[Bearer, Basis]:
    """Every bearer that may read, each by the strongest right it has."""
    found: dict[Bearer, Basis] = {}
    for bearer, basis in _rows(facts):
        known = found.get(bearer)
        if known is None or _STRENGTH[basis] < _STRENGTH[known]:
            found[bearer] = basis
    return found


def _rows(facts: Facts) -> Iterator[tuple[Bearer, Basis]]:
    home = facts.agency_id
    if facts.author_id:
        yield official(facts.author_id, home), Basis.AUTHOR
    for official_id in facts.co_drafters:
        yield official(official_id, home), Basis.CO_DRAFTER
    if facts.state == State.DRAFT:
        return
    yield from ((bearer, Basis.LINE) for bearer in facts.line)
    if facts.state in BEFORE_DECISION:
        return
    yield from ((bearer, Basis.LINE) for bearer in facts.after)
    yield from ((bearer, Basis.CIRCULATION) for bearer in facts.circulated)
    yield from ((bearer, Basis.GRANT) for bearer in facts.granted)
    yield Bearer(f"records:{home}", home), Basis.RECORDS
    if facts.received:
        yield from _of_received(facts)
    elif facts.until is None or facts.today >= facts.until:
        yield from _of_range(facts)


def _of_range(facts: Facts) -> Iterator[tuple[Bearer, Basis]]:
    home = facts.agency_id
    if facts.range >= Range.DEPARTMENT:
        yield department(facts.department_code, home), Basis.DEPARTMENT
    if facts.range >= Range.DIVISION:
        yield from ((department(code, home), Basis.DIVISION) for code in facts.division)
    if facts.range >= Range.ORGAN:
        yield Bearer(f"member:{home}", home), Basis.AGENCY
    if facts.range >= Range.ALL:
        yield Bearer(EVERYBODY, ANY_AGENCY), Basis.ALL


def _of_received(facts: Facts) -> Iterator[tuple[Bearer, Basis]]:
    """What another agency sent lies with the departments it was given to, and with those who distribute it (배부)."""
    home = facts.agency_id
    yield Bearer(f"agency:{home}", home), Basis.AGENCY
    yield from ((department(code, home), Basis.DEPARTMENT) for code in facts.seats)
    if facts.in_charge:
        yield official(facts.in_charge, home), Basis.IN_CHARGE


def official(official_id: str, agency_id: str) -> Bearer:
    """One person of an agency."""
    return Bearer(f"official:{official_id}", agency_id)


def department(code: str, agency_id: str) -> Bearer:
    """Everybody of a department."""
    return Bearer(f"department:{code}", agency_id)


def member(agency_id: str) -> Bearer:
    """Everybody of an agency."""
    return Bearer(f"member:{agency_id}", agency_id)


@dataclass(frozen=True, slots=True)
class Change:
    """Rows to add and to take away."""

    added: Readers
    removed: frozenset[Bearer]


def diff(old: Iterable[Bearer], new: Readers) -> Change:
    """What makes the old rows into the new ones."""
    before = frozenset(old)
    return Change({bearer: basis for bearer, basis in new.items() if bearer not in before}, before - frozenset(new))


def tokens_of(official_id: str, agency_id: str, department_code: str, roles: Iterable[str]) -> tuple[str, ...]:
    """What a reader is known by. Post and department carry rights, not the person's name; a system bears no person's."""
    held = frozenset(roles)
    tokens = [f"official:{official_id}"] if official_id else []
    if department_code:
        tokens.append(f"department:{department_code}")
    if agency_id and held & {"clerk", "records"}:
        tokens.append(f"agency:{agency_id}")
    if agency_id and "seal-keeper" in held:
        tokens.append(f"keepers:{agency_id}")
    if agency_id and "records" in held:
        tokens.append(f"records:{agency_id}")
    if agency_id and official_id:
        tokens += [f"member:{agency_id}", EVERYBODY]
    return tuple(tokens)
