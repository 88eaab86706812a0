"""The machine as data: complete, exported as it runs, and the canonical combinations of steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval.domain import machine
from approval.domain.deciding import Action
from approval.domain.line import CLOSED, Status
from approval.domain.machine import Act, Place, Who, permitted, row, transitions
from approval.domain.step import CANONICAL, Mode, Role, usual_mode

acts, places = st.sampled_from(Act), st.sampled_from(Place)


def test_what_is_drawn_is_what_runs() -> None:
    drawn = transitions()
    assert len(drawn) == len(machine.TABLE) == len({(each.source, each.act, each.place) for each in drawn})
    for shown, each in zip(drawn, machine.TABLE, strict=True):
        assert row(each.act, each.source, each.place) is each
        assert (shown.act, shown.place, shown.target) == (each.act.value, each.place.value, each.target.value)
        assert shown.actor
        assert shown.article


def test_every_act_has_rows_and_every_status_is_reached() -> None:
    assert {each.act for each in machine.TABLE} == set(Act)
    assert {each.target for each in machine.TABLE} == set(Status)
    assert {action.value for action in Action} <= {act.value for act in Act}


@given(acts, places, st.sampled_from(sorted(CLOSED)), st.sets(st.sampled_from(Who)))
def test_nothing_is_done_with_a_closed_line(act, place, status, relations) -> None:
    assert not permitted(act, status, place, relations)


@given(acts, places)
def test_of_a_held_line_only_the_hold_or_the_line_ends(act, place) -> None:
    if row(act, Status.HELD, place):
        assert act in {Act.RESUME, Act.STOP}


def test_only_the_last_decision_decides_and_nobody_takes_it_back() -> None:
    deciding = [each for each in machine.TABLE if each.target is Status.DECIDED]
    assert [(each.act, each.place, each.who) for each in deciding] == [(Act.APPROVE, Place.FINAL, {Who.TURN})]
    for place in (Place.DECIDE, Place.FINAL):
        assert row(Act.WITHDRAW, Status.IN_PATH, place) is None
        assert row(Act.SKIP, Status.IN_PATH, place) is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("mode", Mode)
def test_every_step_gets_a_mode_its_role_has(role, mode) -> None:
    usual = usual_mode(role, mode)
    assert (role, usual) in CANONICAL
    if mode is not Mode.SKIPPED and (role, mode) in CANONICAL:
        assert usual is mode
