"""What approval reads in the directory: levels, superiors, absences, deputies, rules, passkeys, by moment and day."""

from datetime import timedelta

import pytest

from onnara.directory.v1 import events_pb2 as directory
from support.approval_lines import ABROAD, HOME, official
from support.approval_offices import AGENCY, DIVISION, TEAM, Office

DAY = timedelta(days=1)


def names(people) -> list[str]:
    return [person.name for person in people]


def test_the_best_post_says_level_and_position() -> None:
    office = Office()
    office.post("clerk", DIVISION, 5, position="과장 직무대리", roles=["approver"])
    view = office.view()
    clerk = view.official(official("clerk"), HOME)
    assert (clerk.name, clerk.position, clerk.department_code, clerk.department, clerk.level) == (
        "clerk", "과장 직무대리", DIVISION, "도로과", 5,
    )  # fmt: skip
    assert clerk.roles == {"drafter", "approver"}
    here = view.official(official("clerk"), HOME, TEAM)
    assert (here.level, here.position, here.roles) == (7, "주무관", clerk.roles)
    assert view.level_of(official("clerk"), HOME) == 5
    assert view.level_of(official("clerk"), ABROAD) == view.level_of("nobody", HOME) == 0
    assert view.official(official("clerk"), ABROAD) is view.official("nobody", HOME) is None


def test_superiors_go_up_to_the_head_of_the_agency() -> None:
    office = Office()
    office.post("peer", TEAM, 7)
    office.post("unknown", TEAM, 0)
    view = office.view()
    assert names(view.superiors(official("clerk"), HOME)) == ["leader", "head", "director", "deputy", "minister"]
    assert names(view.superiors(official("head"), HOME)) == ["director", "deputy", "minister"]
    assert view.superiors(official("minister"), HOME) == view.superiors("nobody", HOME) == ()
    assert names(view.heads(TEAM, HOME)) == ["leader", "head", "director", "minister"]


def test_of_equals_in_a_unit_only_its_highest_are_superiors() -> None:
    office = Office()
    office.post("other leader", DIVISION, 6)
    office.post("third leader", DIVISION, 6)
    office.post("driver", DIVISION, 7)
    assert names(office.view().superiors(official("driver"), HOME))[0] == "head"
    office.leave("head")
    assert names(office.view().superiors(official("driver"), HOME))[:2] == ["other leader", "director"]


def test_the_post_acted_in_says_whose_superiors() -> None:
    office = Office()
    office.post("clerk", AGENCY, 3)
    view = office.view()
    assert names(view.superiors(official("clerk"), HOME)) == ["deputy", "minister"]
    assert names(view.superiors(official("clerk"), HOME, TEAM))[0] == "leader"


def test_units_that_lie_in_a_ring_end() -> None:
    office = Office()
    ring = directory.UnitData(unit_id=DIVISION, code=DIVISION, agency_id=HOME, parent_code=TEAM)
    office.add("REPLICA_KIND_UNIT", DIVISION, ring)
    assert names(office.view().superiors(official("clerk"), HOME)) == ["leader", "head"]


def test_absence_is_by_the_moment() -> None:
    office = Office()
    office.absent("head", "leader", note="출장 중")
    for moment, away in ((-timedelta(seconds=1), False), (timedelta(), True), (DAY, False)):
        view = office.view(office.now + moment)
        found = view.absence_of(official("head"), HOME)
        assert (found is not None) is away
        assert view.stands_in_for(official("leader"), HOME) == ((official("head"),) if away else ())
    absence = office.view().absence_of(official("head"), HOME)
    assert (absence.reason, absence.note, absence.deputy_official_id) == ("leave", "출장 중", official("leader"))
    assert office.view().absence_of(official("head"), ABROAD) is None


def test_absence_without_end_lasts() -> None:
    office = Office()
    office.absent("head", reason="vacancy", ends_at=None)
    assert office.view(office.now + 400 * DAY).absence_of(official("head"), HOME).reason == "vacancy"


def test_a_deputy_who_is_away_or_gone_stands_in_for_nobody() -> None:
    office = Office()
    office.absent("head", "leader")
    office.absent("director", "leader")
    office.absent("clerk", "clerk")
    assert set(office.view().stands_in_for(official("leader"), HOME)) == {official("head"), official("director")}
    assert office.view().stands_in_for(official("clerk"), HOME) == ()
    office.absent("leader", "clerk")
    assert office.view().stands_in_for(official("leader"), HOME) == ()
    gone = Office()
    gone.absent("head", "leader")
    gone.leave("leader")
    assert gone.view().stands_in_for(official("leader"), HOME) == ()


def test_a_later_absence_has_another_deputy() -> None:
    office = Office()
    office.absent("head", "leader", begins=-2 * DAY, ends_at=office.now + DAY)
    office.absent("head", "clerk")
    assert office.view().stands_in_for(official("clerk"), HOME) == (official("head"),)
    assert office.view().stands_in_for(official("leader"), HOME) == ()


@pytest.mark.parametrize(("kind", "task", "level"), [(1, "A", 1), (2, "A", 2), (1, "B", 3), (2, "B", 4), (0, "", 4)])
def test_the_most_particular_rule_holds(kind, task, level) -> None:
    office = Office()
    office.rule(4)
    office.rule(3, kind=1)
    office.rule(2, task="A")
    office.rule(1, task="A", kind=1, audit=True, decision_strength=2)
    rule = office.view().rule_for(HOME, kind, task)
    assert (rule.level, rule.audit, rule.strength) == (level, level == 1, "passkey" if level == 1 else "")
    assert office.view().rule_for(ABROAD, kind, task) is None


def test_strength_and_passkeys() -> None:
    office = Office()
    assert office.view().decision_strength(HOME) == office.view().decision_strength("nowhere") == ""
    office.strength(2)
    office.passkey("head", "b", b"key b")
    office.passkey("head", "a", b"key a")
    office.passkey("head", "lost", b"key", valid_to=office.now.date())
    view = office.view()
    assert view.decision_strength(HOME) == "passkey"
    assert [(each.passkey_id, each.public_key) for each in view.passkeys_of(official("head"))] == [
        ("a", b"key a"), ("b", b"key b"),
    ]  # fmt: skip
    assert view.passkey("a").official_id == official("head")
    assert view.passkey("lost") is view.passkey("none") is None


def test_the_audit_department_is_found_by_its_name() -> None:
    assert Office().view().department_named("감사", HOME) == ("T390000", "감사담당관실")
    assert Office().view().department_named("감사", ABROAD) is Office().view().department_named("법무", HOME) is None
