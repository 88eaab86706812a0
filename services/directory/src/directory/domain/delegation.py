"""Rules of delegated decision (위임전결, 행정업무규정 10②): dated lines, changed by ending the old and starting the new. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from chassis.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from directory.domain.records import DelegationRule, Task, holds

LEVELS = range(1, 8)
LONGEST_TITLE = 200
# A system decides nothing: onnara.common.v1.AuthStrength unspecified, password, passkey.
STRENGTHS = (0, 1, 2)
SOURCE = "행정업무규정 10②"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of an agency: rows of all its rules, its tasks, the kinds of document there are, and the day."""

    rows: tuple[DelegationRule, ...]
    tasks: tuple[Task, ...]
    kinds: tuple[int, ...]
    today: date


def put(new: DelegationRule, known: Rules, *, renews: bool) -> list[DelegationRule] | RefusalError:
    """Rows to write: the new one, and those of its id that give way to it. renews: a rule of this id must be there.

    What was decided before today was judged by the rules of that day, so none may begin earlier.
    """
    refusal = _words(new, known) or _from_today(new.valid_from, known.today, "valid_from")
    if refusal is not None:
        return refusal
    mine = [row for row in known.rows if row.rule_id == new.rule_id and row.valid_from != row.valid_to]
    if renews and not mine:
        return NotFoundError("delegation-rule-unknown", field="rule.rule_id")
    others = (row for row in known.rows if row.rule_id != new.rule_id)
    if any(_same_matter(row, new) and _meet(row, new.valid_from) for row in others):
        return ConflictError("delegation-rule-doubled", field="rule.task_code", source=SOURCE)
    return [*_give_way(mine, new.valid_from), new]


def end(rule_id: UUID, day: date, known: Rules) -> list[DelegationRule] | RefusalError:
    """Rows to write so that a rule no longer holds from a day on."""
    refusal = _from_today(day, known.today, "valid_to")
    if refusal is not None:
        return refusal
    mine = [row for row in known.rows if row.rule_id == rule_id and row.valid_from != row.valid_to]
    if not mine:
        return NotFoundError("delegation-rule-unknown", field="rule_id")
    ended = [row for row in _give_way(mine, day, strictly=True) if row not in mine]
    return ended or ConflictError("delegation-rule-ended", field="rule_id")


def most_particular_first(rows: Iterable[DelegationRule]) -> list[DelegationRule]:
    """Rules of one task before those of all, rules of one kind before those of all; then as they begin."""
    return sorted(
        rows,
        key=lambda row: (not row.task_code, not row.document_kind, row.task_code, row.document_kind, row.valid_from),
    )


def _words(new: DelegationRule, known: Rules) -> RefusalError | None:
    if not new.title.strip():
        return InvalidError("delegation-rule-untitled", field="rule.title", source=SOURCE)
    if len(new.title) > LONGEST_TITLE:
        return InvalidError("delegation-rule-title-long", params={"most": LONGEST_TITLE}, field="rule.title")
    if new.level not in LEVELS:
        return InvalidError("level-unknown", params={"value": new.level}, field="rule.level")
    if new.document_kind not in known.kinds:
        return InvalidError("document-kind-unknown", params={"value": new.document_kind}, field="rule.document_kind")
    if new.decision_strength not in STRENGTHS:
        return InvalidError("strength-unfit", field="rule.decision_strength")
    if new.task_code and not any(task.code == new.task_code and holds(task, new.valid_from) for task in known.tasks):
        return InvalidError("task-unknown-here", params={"code": new.task_code[:20]}, field="rule.task_code")
    return None


def _from_today(day: date, today: date, place: str) -> RefusalError | None:
    return InvalidError("day-in-past", params={"day": day.isoformat()}, field=place) if day < today else None


def _same_matter(one: DelegationRule, other: DelegationRule) -> bool:
    return (one.task_code, one.document_kind) == (other.task_code, other.document_kind)


def _meet(row: DelegationRule, begins: date) -> bool:
    """True when a row holds on some day from ``begins`` on."""
    return row.valid_from != row.valid_to and (row.valid_to is None or row.valid_to > begins)


def _give_way(rows: Sequence[DelegationRule], day: date, *, strictly: bool = False) -> list[DelegationRule]:
    """Rows of one rule cut at a day: later ones are withdrawn, the one that holds ends.

    One that begins on the day is overwritten by its successor; strictly: there is none, so it is withdrawn too.
    """
    cut = []
    for row in rows:
        if row.valid_from > day or (strictly and row.valid_from == day):
            cut.append(replace(row, valid_to=row.valid_from))
        elif row.valid_from < day and (row.valid_to is None or row.valid_to > day):
            cut.append(replace(row, valid_to=day))
    return cut
