"""Rules of delegated decision: however they are put and ended, a matter has one rule a day, and the past stays as it was."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.errors import RefusalError
from directory.domain.delegation import Rules, end, most_particular_first, put
from directory.domain.records import DelegationRule, Task, holds

AGENCY = UUID(int=1)
TODAY = date(2026, 5, 11)
TASK = Task("ZA010101", "전자문서 유통 관리", 4, ("Z310101",), AGENCY, date(2020, 1, 1))
KINDS = (0, 1, 2)


def line(number: int = 1, *, begins: date = TODAY, title="별표 1 제1호", **changes) -> DelegationRule:
    values = {"task_code": TASK.code, "document_kind": 0, "level": 4, "audit": False, "decision_strength": 0} | changes
    return DelegationRule(rule_id=UUID(int=number), agency_id=AGENCY, title=title, valid_from=begins, **values)


def known(*rows: DelegationRule, today: date = TODAY) -> Rules:
    return Rules(rows, (TASK,), KINDS, today)


def code_of(outcome) -> str:
    assert isinstance(outcome, RefusalError)
    return outcome.code


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (line(title=" "), "delegation-rule-untitled"),
        (line(title="가" * 201), "delegation-rule-title-long"),
        (line(level=0), "level-unknown"),
        (line(level=8), "level-unknown"),
        (line(document_kind=9), "document-kind-unknown"),
        (line(decision_strength=3), "strength-unfit"),
        (line(task_code="ZZ999999"), "task-unknown-here"),
        (line(begins=TODAY - timedelta(days=1)), "day-in-past"),
    ],
)
def test_what_is_refused(new, code) -> None:
    assert code_of(put(new, known(), renews=False)) == code


def test_a_change_ends_the_old_line_on_the_day_the_new_one_begins() -> None:
    old, tomorrow = line(begins=date(2020, 1, 1)), TODAY + timedelta(days=1)
    rows = put(line(level=5, begins=tomorrow), known(old), renews=True)
    assert [(row.level, row.valid_from, row.valid_to) for row in rows] == [
        (4, date(2020, 1, 1), tomorrow),
        (5, tomorrow, None),
    ]
    assert code_of(put(line(7), known(old), renews=True)) == "delegation-rule-unknown"


def test_a_matter_has_one_rule_and_a_more_particular_one_is_another_matter() -> None:
    there = line(1)
    assert code_of(put(line(2), known(there), renews=False)) == "delegation-rule-doubled"
    particular, general = line(2, document_kind=1), line(3, task_code="")
    assert put(particular, known(there), renews=False) == [particular]
    assert most_particular_first([general, there, particular]) == [particular, there, general]


def test_an_end_lies_today_or_later_and_happens_once() -> None:
    there = line(1, begins=date(2020, 1, 1))
    assert code_of(end(there.rule_id, TODAY - timedelta(days=1), known(there))) == "day-in-past"
    (ended,) = end(there.rule_id, TODAY, known(there))
    assert ended.valid_to == TODAY
    assert code_of(end(there.rule_id, TODAY, known(ended))) == "delegation-rule-ended"
    assert code_of(end(UUID(int=9), TODAY, known(there))) == "delegation-rule-unknown"


class Register(RuleBasedStateMachine):
    """An administrator at work for some weeks."""

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY
        self.rows: dict[tuple[UUID, date], DelegationRule] = {}
        self.past: dict[tuple[date, str, int], list[int]] = {}
        self.made = 0

    def take(self, outcome) -> None:
        for row in [] if isinstance(outcome, RefusalError) else outcome:
            self.rows[row.rule_id, row.valid_from] = row

    def judged(self, day: date, task: str, kind: int) -> list[int]:
        rows = [row for row in self.rows.values() if (row.task_code, row.document_kind) == (task, kind)]
        return [row.level for row in rows if holds(row, day)]

    @rule(
        task=st.sampled_from(["", TASK.code]),
        kind=st.sampled_from(KINDS),
        level=st.integers(1, 7),
        days=st.integers(0, 9),
    )
    def adds(self, task, kind, level, days) -> None:
        self.made += 1
        new = line(self.made, task_code=task, document_kind=kind, level=level, begins=self.today + timedelta(days=days))
        self.take(put(new, known(*self.rows.values(), today=self.today), renews=False))

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), level=st.integers(1, 7), kind=st.sampled_from(KINDS), days=st.integers(0, 9))
    def changes(self, data, level, kind, days) -> None:
        old = self.rows[data.draw(st.sampled_from(sorted(self.rows)))]
        new = line(old.rule_id.int, task_code=old.task_code, document_kind=kind, level=level)
        begins = self.today + timedelta(days=days)
        put_ = put(
            DelegationRule(**{**{n: getattr(new, n) for n in new.__slots__}, "valid_from": begins}),
            known(*self.rows.values(), today=self.today),
            renews=True,
        )
        self.take(put_)

    @precondition(lambda self: self.rows)
    @rule(data=st.data(), days=st.integers(0, 9))
    def ends(self, data, days) -> None:
        rule_id, _ = data.draw(st.sampled_from(sorted(self.rows)))
        self.take(end(rule_id, self.today + timedelta(days=days), known(*self.rows.values(), today=self.today)))

    @rule(days=st.integers(1, 6))
    def time_goes(self, days) -> None:
        for passed in range(days):
            day = self.today + timedelta(days=passed)
            for task in ("", TASK.code):
                for kind in KINDS:
                    self.past[day, task, kind] = self.judged(day, task, kind)
        self.today += timedelta(days=days)

    @invariant()
    def a_matter_has_at_most_one_rule_a_day(self) -> None:
        for ahead in range(25):
            for task in ("", TASK.code):
                for kind in KINDS:
                    assert len(self.judged(self.today + timedelta(days=ahead), task, kind)) <= 1

    @invariant()
    def what_held_on_a_past_day_still_did(self) -> None:
        for (day, task, kind), levels in self.past.items():
            assert self.judged(day, task, kind) == levels


TestRegister = Register.TestCase
TestRegister.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
