"""Any sequence of acts by anybody: no unknown state, no lost opinion, no skipped approver, no second decision.

People go away and come back, stand in for each other, insert and remove steps, send back, take back, answer for departments
and decide for other agencies; whatever the domain accepts must leave the line as the law has it.
"""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from approval.domain import machine
from approval.domain.allowing import allowed
from approval.domain.changing import Changes, Insert, Move, Remove, change
from approval.domain.deciding import Acted, Action, Decision, decide
from approval.domain.departments import take_up
from approval.domain.line import Box, Line, Status, Turn, boxes, entries
from approval.domain.machine import Act
from approval.domain.manifests import Edit
from approval.domain.opening import open_line
from approval.domain.people import Signer
from approval.domain.skipping import Skip, skip
from approval.domain.step import CANONICAL, DONE, Mode, Outcome, Role
from chassis.errors import RefusalError
from support.approval_lines import ABROAD, DEPARTMENT, HOME, SUBMITTED, official, step, submission

PEOPLE = ("drafter", "reviewer", "partner", "colleague", "chief", "deputy")
ASKED, MEMBERS = "T399999", ("inside", "answering")
FOREIGN = ("minister", "vice")
EVERYBODY = (*PEOPLE, *MEMBERS, *FOREIGN, "keeper")

names = st.sampled_from(PEOPLE)
everybody = st.sampled_from(EVERYBODY)
middle = st.tuples(
    st.sampled_from([Role.REVIEW, Role.REVIEW, Role.COOPERATE, Role.COOPERATE, Role.AUDIT]),
    names,
    st.sampled_from([Mode.NORMAL, Mode.SERIAL, Mode.PARALLEL, Mode.PARALLEL, Mode.DEPARTMENT]),
)
actions = st.sampled_from(list(Action))
going_on = st.sampled_from([Action.APPROVE] * 5 + [Action.DISAGREE, Action.HOLD, Action.RESUME, Action.RESUME])
opinions = st.sampled_from(["", "  ", "찬성", "보완 필요", "첫째\n둘째"])
orders = st.integers(0, 9)


def agency(name: str) -> str:
    return ABROAD if name in FOREIGN else HOME


def id_of(name: str) -> str:
    return official(name, agency(name))


def made(order, role, name, mode):
    if mode is Mode.DEPARTMENT and role in {Role.COOPERATE, Role.AUDIT}:
        return step(order, role, "", mode, official_id="", department="재정과", department_code=ASKED)
    return step(order, role, name, mode)


class LineMachine(RuleBasedStateMachine):
    """One line, and a record of what was accepted, kept apart from it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.history: list[str] = []
        self.decisions = 0
        self.away: dict[str, str] = {}

    @initialize(
        steps=st.lists(middle, min_size=1, max_size=5),
        chief=names,
        mode=st.sampled_from([Mode.OWN, Mode.DELEGATED]),
        after=st.booleans(),
        joint=st.sampled_from([(), FOREIGN[:1]]),
    )
    def submit(self, steps, chief, mode, after, joint) -> None:
        line = [step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED)]
        line += [made(order, role, name, mode) for order, (role, name, mode) in enumerate(steps, start=2)]
        line.append(step(len(line) + 1, Role.DECIDE, chief, mode))
        line += [
            step(len(line) + at, Role.DECIDE, name, Mode.JOINT, official_id=id_of(name), agency_id=ABROAD)
            for at, name in enumerate(joint, 1)
        ]
        if after:
            line.append(step(len(line) + 1, Role.AFTER, "reader", Mode.INFORM))
        content = submission(line, joint_agency_ids=(ABROAD,) if joint else ())
        opened = open_line(content, "journey", lambda _: True)
        assert isinstance(opened, Line), opened
        self.line, self.accepted = opened, 0

    # Who is who at this moment.

    def signer(self, who: str) -> Signer:
        stands_in_for = [one for one, deputy in self.away.items() if deputy == who and who not in self.away]
        return Signer(
            id_of(who),
            f"appointment-{who}",
            who,
            "과장",
            ASKED if who in MEMBERS else DEPARTMENT,
            "",
            "password",
            agency(who),
            frozenset({"records"} if who == "keeper" else {"clerk"}),
            tuple(id_of(one) for one in stands_in_for),
        )

    @rule(who=names, deputy=st.sampled_from(["deputy", "partner", "chief", ""]))
    def somebody_goes_away(self, who, deputy) -> None:
        if deputy != who:
            self.away[who] = deputy

    @rule(deputy=st.sampled_from(["vice", ""]))
    def the_minister_of_the_other_agency_goes_away(self, deputy) -> None:
        self.away["minister"] = deputy

    @rule(who=st.sampled_from([*PEOPLE, "minister"]))
    def somebody_comes_back(self, who) -> None:
        self.away.pop(who, None)

    # What they do.

    @rule(who=everybody, action=actions, opinion=opinions, return_to=orders, other=everybody, acts_for=st.booleans())
    def anybody_acts(self, who, action, opinion, return_to, other, acts_for) -> None:
        self.act(who, action, opinion, return_to, id_of(other) if acts_for else "")

    @rule(action=going_on, opinion=opinions, place=st.integers(0, 5))
    def somebody_whose_turn_it_is_goes_on(self, action, opinion, place) -> None:
        self.on_turn(action, opinion, place, 0)

    @rule(place=st.integers(0, 5), opinion=opinions)
    def somebody_whose_turn_it_is_approves(self, place, opinion) -> None:
        self.on_turn(Action.APPROVE, opinion, place, 0)

    @rule(place=st.integers(0, 5), deputy=st.sampled_from(["deputy", "vice", "reviewer"]))
    def a_deputy_approves(self, place, deputy) -> None:
        if any(turn.is_asked for turn in self.line.waiting) or not self.line.waiting:
            return
        who = self.holder(self.line.waiting[place % len(self.line.waiting)])
        if who != deputy and agency(who) == agency(deputy):
            self.away[who] = deputy
            self.away.pop(deputy, None)
        self.on_turn(Action.APPROVE, "대신 봄", place, 0)

    @rule(place=st.integers(0, 5), back=st.integers(1, 8))
    def somebody_whose_turn_it_is_sends_back(self, place, back) -> None:
        done = [each.order for each in self.line.steps if each.outcome in DONE]
        if done:
            self.on_turn(Action.RETURN, "다시", place, done[back % len(done)])

    def on_turn(self, action, opinion, place, return_to) -> None:
        turns = self.line.waiting
        if not turns:
            return
        turn = turns[place % len(turns)]
        if turn.is_asked:
            self.a_department_takes_its_step_up("inside", alone=bool(place % 2))
            turn = self.line.waiting[place % len(turns)]
        who = self.holder(turn)
        deputy = self.away.get(who)
        if deputy:
            self.act(deputy, action, opinion, return_to, id_of(who))
        else:
            self.act(who, action, opinion, return_to, "")

    @rule(place=st.integers(0, 5), text=st.sampled_from([b"a" * 32, b"b" * 32]))
    def somebody_whose_turn_it_is_mends_the_text(self, place, text) -> None:
        turn = self.line.waiting[place % len(self.line.waiting)] if self.line.waiting else None
        if turn and not turn.is_asked and text != self.line.manifest_hash:
            who = self.holder(turn)
            edit = Edit(text, self.line.manifest_hash, id_of(who), "고친 제목", 0, False)
            wanted = self.wanted(who, Action.APPROVE, "고침", 0, "", self.line.version)
            result = decide(self.line, replace(wanted, manifest_hash=text), [edit])
            if isinstance(result, Acted):
                assert turn.step.role in {Role.REVIEW, Role.DECIDE}
                assert turn.step.mode is not Mode.JOINT
            self.took(result, Act.APPROVE, "고침")

    @rule(opinion=opinions)
    def the_last_one_takes_it_back(self, opinion) -> None:
        acted = [each.waits_for for each in entries(self.line) if each.waits_for.outcome in DONE | {Outcome.SUBMITTED}]
        last = max(acted, key=lambda each: each.at_version, default=None)
        if last and (last.role is not Role.DRAFT or opinion == "보완 필요"):
            who = next(name for name in EVERYBODY if id_of(name) == last.actor_id)
            self.act(who, Action.WITHDRAW, opinion, 0, "")

    def holder(self, turn: Turn) -> str:
        return next((name for name in EVERYBODY if id_of(name) == turn.holder), "answering")

    @rule(who=everybody, order=orders, reason=st.sampled_from(["", "출장"]))
    def somebody_skips_a_step(self, who, order, reason) -> None:
        self.skip(who, order, reason)

    @rule(who=st.sampled_from(["drafter", "chief", "partner"]), place=st.integers(0, 5))
    def an_absent_reviewer_is_passed_over(self, who, place) -> None:
        reviewers = [each for each in self.line.steps if each.role is Role.REVIEW and each.is_open]
        if reviewers:
            absent = reviewers[place % len(reviewers)]
            self.away.setdefault(absent.name, "")
            self.skip(who, absent.order, "")

    def skip(self, who, order, reason) -> None:
        found = self.line.step(order)
        absent = "휴가" if found and found.name in self.away else ""
        self.took(skip(self.line, self.line.version, Skip(order, reason, absent, self.signer(who))), Act.SKIP, "")

    @rule(who=everybody, new=middle, at=orders, other=orders, kind=st.sampled_from("imr"))
    def somebody_changes_the_line(self, who, new, at, other, kind) -> None:
        self.change(who, {"i": Insert(at, made(0, *new)), "m": Move(at, other), "r": Remove(at)}[kind])

    @rule(new=middle, at=st.integers(0, 5), other=st.integers(0, 5), kind=st.sampled_from("imr"))
    def the_drafter_changes_what_is_to_come(self, new, at, other, kind) -> None:
        free = [each.order for each in self.line.steps if each.is_untouched]
        if free and len(self.line.steps) < 9:
            at, other = free[at % len(free)], free[other % len(free)]
            self.change("drafter", {"i": Insert(at, made(0, *new)), "m": Move(at, other), "r": Remove(at)}[kind])

    def change(self, who, wanted) -> None:
        changes = Changes((wanted,), "사유", self.signer(who))
        self.took(change(self.line, self.line.version, changes, lambda _: ()), Act.CHANGE, "")

    @rule(who=everybody, alone=st.booleans())
    def a_department_takes_its_step_up(self, who, alone) -> None:
        asked = next((turn.step for turn in self.line.waiting if turn.is_asked), None)
        if asked is None:
            return
        inner = [step(1, Role.REVIEW, "inside")] * (not alone) + [step(2, Role.DECIDE, "answering")]
        members = {official(name) for name in MEMBERS}
        signer = self.signer(who)
        result = take_up(self.line, self.line.version, asked.order, inner, signer, lambda person, _: person in members)
        assert isinstance(result, Acted) is (who in MEMBERS)
        self.took(result, Act.TAKE_UP, "")

    @rule(behind=st.integers(1, 3), who=everybody)
    def somebody_acts_on_what_they_saw_before(self, behind, who) -> None:
        wanted = self.wanted(who, Action.APPROVE, "", 0, "", self.line.version - behind)
        assert isinstance(decide(self.line, wanted), RefusalError)

    # How it is judged.

    def wanted(self, who, action, opinion, return_to, acting_for, version) -> Decision:
        return Decision(
            self.line.id, version, self.line.manifest_hash, action, opinion, self.signer(who), SUBMITTED, 1, return_to,
            acting_for,
        )  # fmt: skip

    def act(self, who, action, opinion, return_to, acting_for) -> None:
        before, signer = self.line, self.signer(who)
        result = decide(before, self.wanted(who, action, opinion, return_to, acting_for, before.version))
        shown = allowed(before, signer)
        if isinstance(result, RefusalError):
            if shown.acting_for == acting_for and opinion.strip() and result.code != "return-target-invalid":
                assert action not in shown.actions, (result, shown)
            return
        assert action in shown.actions or acting_for != shown.acting_for
        if action not in {Action.WITHDRAW, Action.STOP}:
            hands = {acting_for or signer.official_id}
            assert hands & {turn.holder for turn in before.waiting}
            assert not acting_for or acting_for in signer.stands_in_for
        if action is Action.WITHDRAW:
            self.nobody_else_acted_since(before, result, signer)
        act = Act.SEND_BACK if result.returned_to else Act(action.value)
        self.took(result, act, opinion.strip())

    def nobody_else_acted_since(self, before, result, signer) -> None:
        taken = max(
            each.waits_for.at_version
            for each in entries(before)
            if each.waits_for.actor_id == signer.official_id and each.step.order == result.order
        )
        later = [each.step for each in entries(before) if each.waits_for.at_version > taken]
        assert all(each.is_parallel and each.order != result.order for each in later)
        assert before.steps[result.order - 1].role is not Role.DECIDE

    def took(self, result, act, opinion) -> None:
        before = self.line
        if isinstance(result, RefusalError):
            return
        assert not before.is_closed
        after = result.line
        assert (act, before.status, after.status) in {(row.act, row.source, row.target) for row in machine.TABLE}
        assert [each.is_open for each in before.steps if each.role is Role.DECIDE][-1]
        self.line = after
        self.accepted += 1
        self.decisions += after.status is Status.DECIDED
        if opinion:
            (self.history if act is Act.STOP else self.said).append(opinion)

    @invariant()
    def versions_count_acts(self) -> None:
        assert self.line.version == 1 + self.accepted
        assert [each.order for each in self.line.steps] == list(range(1, len(self.line.steps) + 1))

    @invariant()
    def no_opinion_is_lost(self) -> None:
        steps = "\n".join(entry.waits_for.opinion for entry in entries(self.line))
        steps += "\n".join(each.opinion for each in self.line.steps)
        for opinion in set(self.said):
            assert steps.count(opinion) >= self.said.count(opinion)

    @invariant()
    def only_combinations_of_the_law_arise(self) -> None:
        found = {each for entry in entries(self.line) for each in (entry.step, entry.waits_for)}
        for each in found:
            assert each.outcome in CANONICAL[each.role, each.mode], each

    @invariant()
    def the_state_follows_from_the_steps(self) -> None:
        path = [each for each in self.line.steps if each.in_path]
        outcomes = {each.outcome for each in path}
        match self.line.status:
            case Status.DECIDED:
                assert outcomes <= DONE | {Outcome.SUBMITTED, Outcome.SKIPPED}
                assert (path[-1].role, path[-1].outcome) == (Role.DECIDE, Outcome.APPROVED)
            case Status.RETURNED:
                assert [each.outcome for each in path].count(Outcome.RETURNED) == 1
            case Status.HELD:
                assert [each.outcome for each in self.line.turns] == [Outcome.HELD]
            case Status.WITHDRAWN:
                assert path[0].outcome is Outcome.WITHDRAWN
            case Status.IN_PATH:
                assert not outcomes & {Outcome.RETURNED, Outcome.HELD, Outcome.WITHDRAWN}
                assert self.line.turns
        assert (self.line.decided_at is not None) is (self.line.status is Status.DECIDED)

    @invariant()
    def deciding_waits_for_everybody(self) -> None:
        path = [each for each in self.line.steps if each.in_path]
        for index, each in enumerate(path):
            if each.role is Role.DECIDE:
                assert each.outcome is not Outcome.SKIPPED
            if each.role is Role.DECIDE and each.outcome is Outcome.APPROVED and self.line.status is Status.DECIDED:
                assert not any(before.is_open for before in path[:index])

    @invariant()
    def all_decide_on_the_text_that_becomes_the_document(self) -> None:
        if self.line.status is Status.DECIDED:
            decisions = {each.manifest_hash for each in self.line.steps if each.role is Role.DECIDE}
            assert decisions == {self.line.manifest_hash}

    @invariant()
    def it_is_decided_at_most_once(self) -> None:
        assert self.decisions == (self.line.status is Status.DECIDED)

    @invariant()
    def one_step_or_one_parallel_group_has_the_turn(self) -> None:
        turns = self.line.turns
        path = [each for each in self.line.steps if each.in_path]
        if len(turns) > 1:
            first, last = path.index(turns[0]), path.index(turns[-1])
            assert all(each.is_parallel for each in path[first : last + 1])
        if turns:
            assert not any(each.is_open for each in path[: path.index(turns[0])])

    @invariant()
    def turns_and_boxes_agree(self) -> None:
        waiting = {who for who, kind in boxes(self.line).items() if kind in {Box.PENDING, Box.HELD}}
        assert waiting == {turn.holder for turn in self.line.waiting}
        assert bool(waiting) is not self.line.is_closed

    @invariant()
    def deputies_are_named_beside_the_person(self) -> None:
        for each in self.line.steps:
            if each.report_after:
                told = [s for s in self.line.steps if s.role is Role.AFTER and s.official_id == each.official_id]
                assert told
                assert each.acted_by
                assert each.acted_by.official_id != each.official_id


LineMachine.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestLineMachine = LineMachine.TestCase
