"""The machine of a line as data: act x status x place of the step -> who may, and where the line stands then.

What the code runs by is what the drawing in docs/ is made from: ``row`` is asked for every act, ``transitions`` is the same
table in plain words. Articles are those of 행정업무의 운영 및 혁신에 관한 규정 unless another name stands before them.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from approval.domain.line import Status, Turn
from approval.domain.step import Role, Step


class Act(StrEnum):
    """What happens to a line."""

    OPEN = "open"  # 상신
    APPROVE = "approve"  # 승인, 결재
    DISAGREE = "disagree"  # 합의(반대)
    RETURN = "return"  # 반려: to the drafter
    SEND_BACK = "send-back"  # 재검토: to an earlier step
    HOLD = "hold"  # 보류
    RESUME = "resume"
    WITHDRAW = "withdraw"  # 회수
    STOP = "stop"  # 중단
    SKIP = "skip"  # 공석, 부재
    CHANGE = "change"  # 경로수정
    TAKE_UP = "take-up"  # 부서 접수


class Place(StrEnum):
    """Where in the line the step stands that an act is about."""

    NOWHERE = ""  # acts on the line as a whole
    DRAFT = "draft"
    REVIEW = "review"
    COOPERATE = "cooperate"
    AUDIT = "audit"
    ASKED = "asked-department"  # not yet taken up
    INSIDE = "inside-department"  # before whoever answers for it
    DECIDE = "decide"  # others decide behind it (공동기안)
    FINAL = "final"  # the last decision of the line


class Who(StrEnum):
    """Relation of somebody to a line that permits an act."""

    TURN = "whose-turn-it-is"  # or the registered deputy
    ACTOR = "who-acted-last"
    NEXT = "whose-turn-comes-next"
    DRAFTER = "drafter"
    RECORDS = "records-officer"
    DEPARTMENT = "official-of-the-department-asked"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. source: None before there is a line."""

    act: Act
    source: Status | None
    place: Place
    who: frozenset[Who]
    target: Status
    article: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One row in plain words, for drawings and tables."""

    source: str
    act: str
    place: str
    actor: str
    target: str
    article: str


_SIGNING = (Place.REVIEW, Place.COOPERATE, Place.AUDIT)
_DECIDING = (Place.DECIDE, Place.FINAL)


def _rows(
    act: Act, sources: Sequence[Status], places: Sequence[Place], who: set[Who], target: Status | None, article: str
) -> list[Row]:
    """A row for each source and place. target: None where the line stays as it is."""
    return [
        Row(act, source, place, frozenset(who), target or source, article) for source in sources for place in places
    ]


TABLE: tuple[Row, ...] = (
    Row(Act.OPEN, None, Place.DRAFT, frozenset({Who.DRAFTER}), Status.IN_PATH, "8"),
    *_rows(Act.APPROVE, [Status.IN_PATH], [Place.REVIEW], {Who.TURN}, Status.IN_PATH, "9①"),
    *_rows(Act.APPROVE, [Status.IN_PATH], [Place.COOPERATE, Place.INSIDE], {Who.TURN}, Status.IN_PATH, "9②"),
    *_rows(Act.APPROVE, [Status.IN_PATH], [Place.AUDIT], {Who.TURN}, Status.IN_PATH, "위임전결규정 일상감사"),
    *_rows(Act.APPROVE, [Status.IN_PATH], [Place.DECIDE], {Who.TURN}, Status.IN_PATH, "8③·10"),
    *_rows(Act.APPROVE, [Status.IN_PATH], [Place.FINAL], {Who.TURN}, Status.DECIDED, "6①·10"),
    *_rows(Act.DISAGREE, [Status.IN_PATH], [Place.COOPERATE], {Who.TURN}, Status.IN_PATH, "9②④"),
    *_rows(Act.RETURN, [Status.IN_PATH], [*_SIGNING, *_DECIDING], {Who.TURN}, Status.RETURNED, "9③·10"),
    *_rows(Act.SEND_BACK, [Status.IN_PATH], [*_SIGNING, *_DECIDING], {Who.TURN}, Status.IN_PATH, "9③·10"),
    # Those who cooperate or audit may be waited for, but cannot stop the clock for everybody.
    *_rows(Act.HOLD, [Status.IN_PATH], [Place.REVIEW, *_DECIDING], {Who.TURN}, Status.HELD, "9·10"),
    *_rows(Act.RESUME, [Status.HELD], [Place.REVIEW, *_DECIDING], {Who.TURN}, Status.IN_PATH, "9·10"),
    # Never the final approver: with the decision the document has come into being.
    *_rows(Act.WITHDRAW, [Status.IN_PATH], [*_SIGNING, Place.INSIDE], {Who.ACTOR}, Status.IN_PATH, "9·10"),
    *_rows(Act.WITHDRAW, [Status.IN_PATH], [Place.DRAFT], {Who.ACTOR}, Status.WITHDRAWN, "8"),
    *_rows(
        Act.STOP, [Status.IN_PATH, Status.HELD], [Place.NOWHERE], {Who.DRAFTER, Who.RECORDS}, Status.STOPPED, "8·10"
    ),
    *_rows(Act.SKIP, [Status.IN_PATH], [Place.REVIEW], {Who.DRAFTER, Who.TURN, Who.NEXT}, Status.IN_PATH, "9③"),
    *_rows(Act.CHANGE, [Status.IN_PATH], [Place.NOWHERE], {Who.DRAFTER, Who.TURN}, Status.IN_PATH, "9·10"),
    *_rows(Act.TAKE_UP, [Status.IN_PATH], [Place.ASKED], {Who.DEPARTMENT}, Status.IN_PATH, "9②"),
)
_BY_KEY = {(row.act, row.source, row.place): row for row in TABLE}
_STATUSES: dict[tuple[Act, Place], list[Status | None]] = {}
for _row in TABLE:
    _STATUSES.setdefault((_row.act, _row.place), []).append(_row.source)


def row(act: Act, status: Status | None, place: Place) -> Row | None:
    """The row of an act at a place of a line; None when there is none."""
    return _BY_KEY.get((act, status, place))


def is_known(act: Act, place: Place) -> bool:
    """True when the act is possible at the place in some status."""
    return (act, place) in _STATUSES


def permitted(act: Act, status: Status, place: Place, relations: AbstractSet[Who]) -> bool:
    """True when somebody with these relations may do it now."""
    found = row(act, status, place)
    return found is not None and bool(found.who & relations)


def place_of(steps: Sequence[Step], turn: Turn) -> Place:
    """Where a turn stands. steps: of the line, in order."""
    if turn.is_asked:
        return Place.ASKED
    if not turn.is_last:
        return Place.INSIDE
    if turn.step.role is not Role.DECIDE:
        return Place(turn.step.role.value)
    path = [step for step in steps if step.in_path]
    return Place.FINAL if path[-1].order == turn.step.order else Place.DECIDE


def transitions() -> Sequence[Transition]:
    """The table in plain words, in its order."""
    return [
        Transition(
            each.source.value if each.source else "",
            each.act.value,
            each.place.value,
            ", ".join(sorted(who.value for who in each.who)),
            each.target.value,
            each.article,
        )
        for each in TABLE
    ]
