"""Any sequence of acts by anybody: no unknown state, no lost opinion, no skipped approver, no second decision."""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from approval.domain.deciding import Acted, Action, Decision, Signer, decide
from approval.domain.line import Box, Line, Status, boxes
from approval.domain.opening import open_line
from approval.domain.step import Mode, Outcome, Role
from chassis.errors import RefusalError
from support.approval_lines import DEPARTMENT, MANIFEST, PEOPLE, SUBMITTED, official, step, submission

names = st.sampled_from(PEOPLE)
middle = st.tuples(
    st.sampled_from([Role.REVIEW, Role.COOPERATE, Role.AUDIT]),
    names,
    st.sampled_from([Mode.NORMAL, Mode.SERIAL, Mode.PARALLEL]),
)
# Weighted towards progress, or lines would rarely reach their end.
actions = st.sampled_from([Action.APPROVE] * 5 + list(Action))
opinions = st.sampled_from(["", "  ", "찬성", "보완 필요", "첫째\n둘째"])


class LineMachine(RuleBasedStateMachine):
    """One line, and a record of what was accepted, kept apart from it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[int, str]] = []
        self.accepted = 0
        self.decisions = 0

    @initialize(steps=st.lists(middle, max_size=5), chief=names, after=st.booleans())
    def submit(self, steps, chief, after) -> None:
        made = [step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED)]
        made += [step(order, role, name, mode) for order, (role, name, mode) in enumerate(steps, start=2)]
        made.append(step(len(made) + 1, Role.DECIDE, chief, Mode.OWN))
        if after:
            made.append(step(len(made) + 1, Role.AFTER, "reader", Mode.INFORM))
        line = open_line(submission(made), "journey", bool)
        assert isinstance(line, Line)
        self.line = line

    @rule(who=names, action=actions, opinion=opinions)
    def anybody_acts(self, who, action, opinion) -> None:
        self.act(who, action, opinion)

    @rule(action=actions, opinion=opinions, place=st.integers(0, 5))
    def somebody_whose_turn_it_is_acts(self, action, opinion, place) -> None:
        turns = self.line.turns
        if turns:
            self.act(turns[place % len(turns)].name, action, opinion)

    @rule(behind=st.integers(1, 3), who=names)
    def somebody_acts_on_what_they_saw_before(self, behind, who) -> None:
        assert isinstance(self.result(who, Action.APPROVE, "", self.line.version - behind), RefusalError)

    def result(self, who, action, opinion, version) -> Acted | RefusalError:
        signer = Signer(official(who), f"appointment-{who}", who, "과장", DEPARTMENT, "", "password")
        return decide(self.line, Decision(self.line.id, version, MANIFEST, action, opinion, signer, SUBMITTED, 1))

    def act(self, who, action, opinion) -> None:
        before = self.line
        result = self.result(who, action, opinion, before.version)
        if isinstance(result, RefusalError):
            return
        assert official(who) in {each.official_id for each in before.turns}
        assert not before.is_closed
        self.line = result.line
        self.accepted += 1
        self.decisions += result.line.status is Status.DECIDED
        if opinion.strip():
            self.said.append((result.order, opinion.strip()))
        self.only_one_step_changed(before, result)

    def only_one_step_changed(self, before: Line, result: Acted) -> None:
        changed = [was.order for was, now in zip(before.steps, result.line.steps, strict=True) if was is not now]
        assert changed == [result.order]

    @invariant()
    def versions_count_acts(self) -> None:
        assert self.line.version == 1 + self.accepted

    @invariant()
    def no_opinion_is_lost(self) -> None:
        for order, opinion in self.said:
            assert opinion in self.line.steps[order - 1].opinion

    @invariant()
    def the_state_follows_from_the_steps(self) -> None:
        path = [each for each in self.line.steps if each.in_path]
        outcomes = {each.outcome for each in path}
        match self.line.status:
            case Status.DECIDED:
                assert not outcomes & {Outcome.PENDING, Outcome.HELD, Outcome.RETURNED}
                assert (path[-1].role, path[-1].outcome) == (Role.DECIDE, Outcome.APPROVED)
            case Status.RETURNED:
                assert [each.outcome for each in path].count(Outcome.RETURNED) == 1
            case Status.HELD:
                assert [each.outcome for each in self.line.turns] == [Outcome.HELD]
            case Status.IN_PATH:
                assert outcomes & {Outcome.PENDING}
                assert not outcomes & {Outcome.RETURNED, Outcome.HELD}
        assert (self.line.decided_at is not None) is (self.line.status is Status.DECIDED)

    @invariant()
    def it_is_decided_at_most_once(self) -> None:
        assert self.decisions == (self.line.status is Status.DECIDED)

    @invariant()
    def nobody_behind_an_open_step_has_acted(self) -> None:
        path = [each for each in self.line.steps if each.in_path]
        first = next((index for index, each in enumerate(path) if each.is_open), len(path))
        for index in range(first, len(path)):
            if not path[index].is_open:
                assert all(each.is_parallel for each in path[first : index + 1])

    @invariant()
    def turns_and_boxes_agree(self) -> None:
        waiting = {who for who, kind in boxes(self.line).items() if kind in {Box.PENDING, Box.HELD}}
        assert waiting == {each.official_id for each in self.line.turns}
        if self.line.is_closed:
            assert not waiting
        else:
            assert waiting


LineMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=25, deadline=None)
TestLineMachine = LineMachine.TestCase
