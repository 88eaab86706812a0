"""The machine of sending: who may do what when, copies in any order of reports, seals, days until acceptance."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.errors import ConflictError, ForbiddenError
from chassis.holidays import holidays
from documents.domain import dispatching, relation, seals
from documents.domain.deadline import Deadlines
from documents.domain.delivery import (
    ACTS,
    CLOCK,
    CLOSED,
    ON_THE_WAY,
    OVER,
    RECALLED,
    RESENT,
    SIDE,
    STEPS,
    Act,
    Standing,
    clock_step,
    document_state,
    standing_of,
)
from documents.domain.dispatching import SENT, TABLE, Facts, copy_acts, possible
from documents.domain.seals import Kind
from documents.domain.state import REGISTERED, State
from documents.domain.transition import moved

WHO = frozenset({relation.AUTHOR, relation.CLERK, relation.KEEPER, relation.HEAD, relation.DEPARTMENT})
NAMES = {"resend": RESENT, "recall": RECALLED, "close": CLOSED}
NOW, LATER = datetime(2026, 5, 11, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
REPORTS = st.lists(st.sampled_from(sorted(STEPS | CLOCK)), max_size=6)


@given(st.lists(st.tuples(REPORTS, st.sampled_from(sorted(ACTS))), max_size=3), REPORTS, st.randoms())
def test_reports_between_acts_may_come_in_any_order(rounds, last, random) -> None:
    def play(*, mixed: bool) -> Standing:
        steps: list[str] = []
        acts: list[Act] = []
        for reports, name in rounds:
            told = list(reports)
            if mixed:
                random.shuffle(told)
            steps += told
            acts.append(Act(name, dict(Counter(steps))))
        rest = list(last)
        if mixed:
            random.shuffle(rest)
        return standing_of([*steps, *rest], acts)

    assert play(mixed=True) == play(mixed=False)


@given(REPORTS, st.sampled_from(sorted(ACTS)), REPORTS)
def test_an_act_settles_what_was_known_and_nothing_else(before, name, after) -> None:
    act = Act(name, dict(Counter(before)))
    assert standing_of(before, [act]).reason in {"", "recall-too-late"}
    later = standing_of([*before, *after], [act])
    assert (later.state == "RETURNED") == ("RETURNED" in after)
    if name == CLOSED and "RETURNED" not in after:
        assert later.state in {CLOSED, "ACCEPTED"}


@pytest.mark.parametrize(
    ("before", "act", "after", "standing"),
    [
        ("RETURNED", RESENT, "", Standing("QUEUED")),
        ("SENT RETURNED", RESENT, "SENT ARRIVED", Standing("ARRIVED")),
        ("SENT FAILED", RESENT, "SENT FAILED", Standing("FAILED", "failed")),
        ("SENT", RESENT, "SENT FAILED", Standing("FAILED", "failed")),
        ("SENT RESEND_REQUESTED", RESENT, "FAILED", Standing("FAILED", "failed")),
        ("SENT OVERDUE", RESENT, "", Standing("SENT")),
        ("SENT", RECALLED, "", Standing(RECALLED)),
        ("SENT", RECALLED, "FAILED", Standing(RECALLED)),
        ("SENT", RECALLED, "ACCEPTED", Standing("ACCEPTED", "recall-too-late")),
        ("ACCEPTED RETURNED", CLOSED, "", Standing(CLOSED)),
        ("OVERDUE", CLOSED, "ACCEPTED", Standing("ACCEPTED")),
    ],
)
def test_where_a_copy_stands_after_an_act(before, act, after, standing) -> None:
    known = before.split()
    assert standing_of([*known, *after.split()], [Act(act, dict(Counter(known)))]) == standing


@pytest.mark.parametrize(
    ("state", "reason", "now", "step"),
    [
        ("QUEUED", "", NOW, "NOT_ARRIVED"),
        ("SENT", "", LATER, "OVERDUE"),
        ("ARRIVED", "", NOW, ""),
        ("RECEIVED", "", LATER, "OVERDUE"),
        ("SENT", "not-arrived", LATER, "OVERDUE"),
        ("RETURNED", "returned", LATER, ""),
        ("FAILED", "failed", LATER, ""),
        ("ACCEPTED", "", LATER, ""),
        ("RECALLED", "", LATER, ""),
    ],
)
def test_what_the_clock_says(state, reason, now, step) -> None:
    assert clock_step(Standing(state, reason), datetime(2026, 5, 20, tzinfo=UTC), now) == step


@pytest.mark.parametrize(
    ("copies", "state"),
    [
        ({"ACCEPTED", RECALLED}, State.SENT_PARTIAL),
        ({RECALLED}, State.SENT_PARTIAL),
        ({"ACCEPTED", CLOSED}, State.SENT),
        ({CLOSED, "QUEUED"}, State.SENDING),
    ],
)
def test_a_document_whose_copies_were_settled(copies, state) -> None:
    assert document_state(copies) == state


def test_every_row_rests_on_an_article_and_on_somebody() -> None:
    for row in TABLE:
        assert row.article.startswith("행정업무규정")
        assert row.who <= WHO
        assert row.sources | {row.target} <= REGISTERED


@given(st.sampled_from(sorted(State)), st.sets(st.sampled_from(sorted(WHO))), st.booleans(), st.booleans())
def test_what_is_offered_can_be_done(state, relations, sealed, asked) -> None:
    for kind in (None, *Kind):
        for act in possible(state, relations, Facts(kind, sealed, asked)):
            assert isinstance(moved(TABLE, state, act, relations), State)


def test_who_is_told_what() -> None:
    assert isinstance(moved(TABLE, State.SEND_WAIT, "send", {relation.KEEPER}), ForbiddenError)
    assert isinstance(moved(TABLE, State.FILED, "send", {relation.AUTHOR}), ConflictError)
    facts = Facts(Kind.SEAL, sealed=False)
    assert possible(State.SEND_WAIT, {relation.AUTHOR}, facts) == ["ask-seal", "hold", "cancel"]
    assert possible(State.SEND_WAIT, {relation.AUTHOR}, Facts(Kind.SEAL, sealed=True)) == ["send", "hold", "cancel"]
    signing = Facts(Kind.SIGNATURE, sealed=False)
    assert possible(State.SEND_WAIT, {relation.CLERK}, signing) == ["ask-seal", "sign", "hold", "cancel"]
    assert possible(State.SENT, {relation.HEAD}, Facts(None, sealed=False, asked=True)) == [
        "ask-recipients", "add-recipients", "refuse-recipients",
    ]  # fmt: skip


class Sending(RuleBasedStateMachine):
    """Everybody does anything at any moment: what the table lets through keeps a document and its copies consistent."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.SEND_WAIT
        self.kind = Kind.SEAL
        self.sealed = self.refused = False
        self.copies: list[tuple[list[str], list[Act]]] = []

    def facts(self) -> Facts:
        return Facts(self.kind, self.sealed, asked=True)

    def stand(self, place: int) -> Standing:
        return standing_of(*self.copies[place])

    @rule(kind=st.sampled_from([Kind.SEAL, Kind.SIGNATURE]), who=st.sets(st.sampled_from(sorted(WHO))), data=st.data())
    def act(self, kind: Kind, who: set[str], data: st.DataObject) -> None:
        offered = [act for act in possible(self.state, who, self.facts()) if act not in dispatching.OF_COPIES]
        if not offered:
            return
        name = data.draw(st.sampled_from(offered))
        target = moved(TABLE, self.state, name, who)
        assert isinstance(target, State)
        if name == "ask-seal":
            self.kind = kind
        if name in {"seal", "sign"}:
            assert not self.sealed
            self.sealed = True
        if name in {"send", "add-recipients"}:
            self.copies += [([], []), ([], [])]
            target = document_state(self.stand(place).state for place in range(len(self.copies)))
        self.state = target

    @precondition(lambda self: self.copies)
    @rule(place=st.integers(0, 9), step=st.sampled_from(sorted(STEPS)))
    def report(self, place: int, step: str) -> None:
        self.copies[place % len(self.copies)][0].append(step)
        self.follow()

    @precondition(lambda self: self.copies)
    @rule(place=st.integers(0, 9), now=st.sampled_from([NOW, LATER]))
    def look(self, place: int, now: datetime) -> None:
        place %= len(self.copies)
        step = clock_step(self.stand(place), datetime(2026, 5, 20, tzinfo=UTC), now)
        if step:
            self.copies[place][0].append(step)
            assert self.stand(place).needs_person

    @precondition(lambda self: self.copies)
    @rule(place=st.integers(0, 9), data=st.data())
    def settle(self, place: int, data: st.DataObject) -> None:
        place %= len(self.copies)
        before = self.stand(place)
        offered = copy_acts(before.state, before.reason)
        if not offered:
            return
        name = data.draw(st.sampled_from(offered))
        steps, acts = self.copies[place]
        if name == "recall":
            assert before.state in ON_THE_WAY
        acts.append(Act(NAMES[name], dict(Counter(steps))))
        assert not self.stand(place).needs_person
        self.follow()

    def follow(self) -> None:
        self.state = document_state(self.stand(place).state for place in range(len(self.copies)))

    @invariant()
    def every_state_is_known(self) -> None:
        assert self.state in REGISTERED
        for place in range(len(self.copies)):
            assert self.stand(place).state in {"QUEUED", *STEPS, *OVER}

    @invariant()
    def copies_and_state_agree(self) -> None:
        assert bool(self.copies) == (self.state in SENT)
        assert self.sealed or not self.copies

    @invariant()
    def trouble_waits_for_somebody_who_can_act(self) -> None:
        for place in range(len(self.copies)):
            standing = self.stand(place)
            assert standing.needs_person or standing.state not in SIDE
            assert not standing.needs_person or "close" in copy_acts(standing.state, standing.reason)


TestSending = Sending.TestCase


@pytest.mark.parametrize(
    ("chosen", "receivers", "codes"),
    [
        (Kind.SEAL, ["other"], []),
        (Kind.SEAL, ["home", ""], []),
        (Kind.SIGNATURE, ["home"], []),
        (Kind.SEAL, ["home"], ["seal-kind-unusual"]),
        (Kind.SIGNATURE, ["home", "other"], ["seal-kind-unusual"]),
        (Kind.SEAL_OMITTED, ["other"], ["seal-omission"]),
        (Kind.SIGNATURE_OMITTED, ["home"], ["seal-omission"]),
        (Kind.SIGNATURE_OMITTED, ["other"], ["seal-kind-unusual", "seal-omission"]),
    ],
)
def test_which_mark_is_usual(chosen, receivers, codes) -> None:
    assert [finding.code for finding in seals.findings(chosen, "home", receivers)] == codes


@given(st.binary(max_size=80))
def test_bytes_are_no_picture_by_chance(data) -> None:
    assert seals.png_size(data) is None
    assert seals.png_size(b"\x89PNG\r\n\x1a\n" + data) is None


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2026-05-11T10:00", "2026-05-15"),
        ("2026-04-29T10:00", "2026-05-07"),  # over 1 and 5 May
        ("2026-09-23T23:30", "2026-10-01"),  # over Chuseok
        ("2026-12-31T18:00", "2027-01-07"),
    ],
)
def test_days_until_acceptance(sent, due) -> None:
    seoul = ZoneInfo("Asia/Seoul")
    moment = datetime.fromisoformat(sent).replace(tzinfo=seoul)
    found = Deadlines(holidays=holidays()).due_at("Asia/Seoul", moment)
    assert found == datetime.fromisoformat(due).replace(tzinfo=seoul)
