"""The machine of produced documents under random hands, numbers under any interleaving, and what a submission has to bring."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chassis.errors import RefusalError
from documents.domain import lines, produced, registration, relation
from documents.domain.lines import Person, Step
from documents.domain.manifest import AttachedFile, Manifest, companions_of, hash_of
from documents.domain.registration import Kind
from documents.domain.state import REGISTERED, State
from documents.domain.transition import moved

ACTS = sorted({row.act for row in produced.TABLE})
PEOPLE = [relation.AUTHOR, relation.CO_DRAFTER, relation.LINE, relation.REVISER, relation.RECORDS, relation.DEPARTMENT]
OWN = produced.UNDER_WAY | REGISTERED | {State.DRAFT, State.STOPPED}
BY_ITSELF = sorted({row.act for row in produced.TABLE if not row.who} - {"refuse-request", "give-back"})
REGISTERS = {"file", "send-at-once", "await-sending"}


class Produced(RuleBasedStateMachine):
    """One of our own documents: anybody tries anything in any order, and the line says whatever it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.DRAFT
        self.numbers = 0
        self.submitted = 0

    @rule(act=st.sampled_from(ACTS), people=st.sets(st.sampled_from(PEOPLE)))
    def somebody_acts(self, act: str, people: set[str]) -> None:
        result = moved(produced.TABLE, self.state, act, people)
        if isinstance(result, RefusalError):
            return
        assert act in produced.possible(self.state, people, produced.Facts())
        if act == "submit":
            assert relation.AUTHOR in people
            assert self.state in {State.DRAFT, State.RETURNED}
            self.submitted += 1
        else:
            # Nothing but submitting moves a document by a person's hand.
            assert result is self.state
        self.state = result

    @rule(act=st.sampled_from(BY_ITSELF))
    def something_follows(self, act: str) -> None:
        result = produced.followed(self.state, act)
        if result is None:
            return
        assert self.submitted or act not in REGISTERS
        self.numbers += act in REGISTERS
        self.state = result

    @invariant()
    def it_is_where_the_table_knows(self) -> None:
        assert self.state in OWN

    @invariant()
    def it_has_a_number_exactly_when_it_is_registered(self) -> None:
        assert self.numbers == (self.state in REGISTERED)


Produced.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestProduced = Produced.TestCase


@given(st.sampled_from(sorted(State)), st.sets(st.sampled_from(PEOPLE)), st.booleans(), st.booleans(), st.booleans())
def test_what_is_offered_is_what_works(state, people, submitted, companion, foreign) -> None:
    facts = produced.Facts(submitted, companion, foreign)
    offered = produced.possible(state, people, facts)
    assert all(isinstance(moved(produced.TABLE, state, act, people), State) for act in offered)
    assert not (submitted and "delete" in offered)
    assert not (companion and "revise" in offered)
    assert not (foreign and {"save", "submit"} & set(offered))


def test_every_row_rests_on_an_article() -> None:
    assert all("제" in row.article for row in produced.TABLE)


@dataclass
class Series:
    """Series as the database keeps them: one addition at a time, whoever asks."""

    last: dict[object, int] = field(default_factory=dict)

    def take(self, counts: dict[object, int]) -> dict[object, int]:
        for key, count in sorted(counts.items(), key=str):
            self.last[key] = self.last.get(key, 0) + count
        return {key: self.last[key] for key in counts}


DECISIONS = st.tuples(
    st.sampled_from(["T310101", "T310202"]), st.sampled_from([0, *Kind]), st.integers(0, 3), st.integers(-3, 3)
)


@given(st.lists(st.lists(DECISIONS, min_size=1, max_size=6), max_size=8))
def test_batches_in_any_order_leave_no_gap_and_no_double(batches) -> None:
    """However batches of departments, kinds and versions interleave, each series is 1, 2, 3 ..."""
    edge = datetime(2026, 12, 31, 15, tzinfo=UTC)
    numbers, specials = Series(), Series()
    taken: dict[object, list[int]] = {}
    texts: dict[object, list[str]] = {}
    for batch in batches:
        groups: dict[object, int] = {}
        kinds: dict[object, list[int]] = {}
        for department, kind, versions, hours in batch:
            series = registration.series_of(department, edge + timedelta(hours=hours), "Asia/Seoul")
            groups[series] = groups.get(series, 0) + 1 + versions
            special = registration.special_series_of("home", kind, series[1])
            if special is not None:
                kinds.setdefault(special, []).append(series[1])
        last = numbers.take(groups)
        for series, first in registration.assign(last, groups).items():
            taken.setdefault(series, []).extend(range(first, first + groups[series]))
        last = specials.take({key: len(years) for key, years in kinds.items()})
        for key, years in kinds.items():
            for serial, year in enumerate(years, start=last[key] - len(years) + 1):
                texts.setdefault(key, []).append(registration.special_text(key[1], year, serial))
    assert all(found == list(range(1, len(found) + 1)) for found in taken.values())
    assert all(len(set(found)) == len(found) for found in texts.values())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.LEGISLATION, "법규 제12호"),
        (Kind.STANDING_ORDER, "훈령 제12호"),
        (Kind.ESTABLISHED_RULE, "예규 제12호"),
        (Kind.DIRECTIVE, "지시 2026-12"),
        (Kind.DAILY_ORDER, "일일명령 제12호"),
        (Kind.PUBLIC_NOTICE, "공고 2026-12"),
    ],
)
def test_kinds_are_printed_as_the_rule_has_it(kind, text) -> None:
    assert registration.special_text(kind, 2026, 12) == text


USUAL = Manifest("t", "b", [AttachedFile("00", "n", 1)], [("c", "p", False)], "s", (1, (), ""), "task")


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": 3},
        {"seal_kind": 1},
        {"reading": (3, 0, "")},
        {"reading": (0, 3, "2026-12-31")},
        {"joint": ["T990000"]},
        {"companions": ["aa"]},
        {"companions": ["bb", "aa"]},
    ],
)
def test_what_is_decided_besides_is_in_the_hash_too(changed) -> None:
    other = replace(USUAL, **changed)
    assert hash_of(other.canonical()) != hash_of(USUAL.canonical())
    assert (json.loads(other.canonical())["form"], json.loads(USUAL.canonical())["form"]) == (2, 1)
    assert list(companions_of(other.canonical())) == changed.get("companions", [])


def test_a_general_document_is_one_whether_it_says_so_or_not() -> None:
    assert replace(USUAL, kind=1).canonical() == USUAL.canonical()


ROLES = st.sampled_from(["draft", "review", "decide", "after", "cooperate"])
STEPS = st.lists(
    st.builds(Step, ROLES, st.just(Person("x")), agency_id=st.sampled_from(["", "", "", "a", "b"])), max_size=6
)


@given(STEPS, st.sets(st.sampled_from(["a", "b"])))
def test_a_line_without_problems_has_one_final_decision_and_one_of_each_other_agency(steps, joint) -> None:
    problems: list = []
    lines.check_path(steps, frozenset(joint), problems)
    in_path = [step for step in steps if step.role != "after"]
    own = [step for step in in_path if not step.agency_id]
    sound = (
        bool(steps)
        and steps[0].role in {"draft", "decide"}
        and [step.role for step in own].count("decide") == 1
        and own[-1].role == "decide"
        and in_path[: len(own)] == own
        and {step.agency_id for step in steps} - {""} <= joint
        and all(sum(s.agency_id == each and s.role == "decide" for s in steps) == 1 for each in joint)
    )
    assert sound == (not problems)
