"""Who somebody is to a line: what they may do with it and whether it concerns them at all.

line and official -> relations, asked of ``machine``. A deputy (대결) has the turn of whom they stand in for, as long as the
directory says so at this moment (행정업무규정 10③).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from approval.domain.line import Line, Status, Turn, department_token, entries, turns
from approval.domain.machine import Who
from approval.domain.step import Role, Step

RECORDS = "records"
TAKING_UP = frozenset({"clerk", "reviewer", "approver"})


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts, in which capacity, as the signature cell will show it; taken from the verified token.

    agency_id: of the capacity. stands_in_for: officials of that agency whose deputy this is at this moment.
    """

    official_id: str
    appointment_id: str
    name: str
    position: str
    department_code: str
    department: str
    strength: str
    agency_id: str = ""
    roles: frozenset[str] = frozenset()
    stands_in_for: tuple[str, ...] = ()

    @property
    def hands(self) -> tuple[str, ...]:
        """Officials whose turns are this official's: their own first."""
        return (self.official_id, *self.stands_in_for) if self.official_id else ()


def turn_for(line: Line, signer: Signer, official_id: str) -> Turn | None:
    """The turn of an official in an agency the signer acts for; None when it is not their turn."""
    if not official_id:
        return None
    for turn in line.waiting:
        if turn.waits_for.official_id == official_id and line.agency_of(turn.step) == signer.agency_id:
            return turn
    return None


def own_turn(line: Line, signer: Signer) -> tuple[Turn, str] | None:
    """The turn the signer would act on, and for whom; empty: for themselves. Their own comes first."""
    for official_id in signer.hands:
        turn = turn_for(line, signer, official_id)
        if turn:
            return turn, "" if official_id == signer.official_id else official_id
    return None


def is_drafter(line: Line, signer: Signer) -> bool:
    """True for the drafter, in whichever of their posts of the agency."""
    drafter = line.drafter
    return bool(drafter and drafter.official_id) and _is(line, drafter, signer, (signer.official_id,))


def relations(line: Line, signer: Signer) -> set[Who]:
    """Relations to the line as a whole."""
    found = set()
    if is_drafter(line, signer):
        found.add(Who.DRAFTER)
    if RECORDS in signer.roles and signer.agency_id == line.agency_id:
        found.add(Who.RECORDS)
    if own_turn(line, signer):
        found.add(Who.TURN)
    return found


def comes_next(line: Line, signer: Signer, order: int) -> bool:
    """True when the signer has the turn right behind a step."""
    behind = [step for step in line.steps if step.order > order]
    return any(_is(line, step, signer, signer.hands) for step in turns(behind))


def is_of_department(line: Line, step: Step, signer: Signer) -> bool:
    """True for officials who may take up what their department was asked."""
    return (
        step.asks_department
        and step.department_code == signer.department_code
        and line.agency_of(step) == signer.agency_id
        and bool(signer.roles & TAKING_UP)
    )


def concerns(line: Line, signer: Signer) -> bool:
    """True for those who may see the line: its people, their deputies in office, departments asked, the records officer.

    Who is to be told afterwards (통보, 후열) sees nothing before there is a decision to be told of.
    """
    if RECORDS in signer.roles and signer.agency_id == line.agency_id:
        return True
    named = set(_people(line, signer.agency_id))
    return not named.isdisjoint((*signer.hands, department_token(signer.department_code)))


def _people(line: Line, agency_id: str) -> Iterator[str]:
    for entry in entries(line):
        if line.agency_of(entry.step) != agency_id:
            continue
        if entry.step.role is Role.AFTER and line.status is not Status.DECIDED:
            continue
        yield entry.waits_for.official_id
        yield entry.waits_for.actor_id
        if entry.step.asks_department:
            yield department_token(entry.step.department_code)


def _is(line: Line, step: Step | None, signer: Signer, hands: tuple[str, ...]) -> bool:
    return step is not None and step.official_id in hands and line.agency_of(step) == signer.agency_id
