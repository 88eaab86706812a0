"""People and posts as a personnel system reports them: newest snapshots count, history stays, rights stay with posts."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from chassis.testing.statements import counted_pool
from chassis.uow import Database
from directory.handlers.people import person_of
from onnara.exchange.v1.personnel_pb2 import APPOINTMENT_KIND_ACTING, APPOINTMENT_KIND_ADDITIONAL
from support.reporting import MONDAY, person, post, report

DAY = timedelta(days=1)


async def rows(directory, statement: str, *arguments) -> list[dict]:
    return [dict(row) for row in await directory.worker.pool.fetch(statement, *arguments)]


async def who(directory, number: str) -> UUID:
    found = await rows(directory, "SELECT official_id FROM external_identity WHERE external_id = $1", number)
    return found[0]["official_id"]


async def capacities(directory, number: str) -> list[tuple[str, str, tuple[str, ...]]]:
    async with directory.worker.transaction() as unit:
        found = await person_of(unit, await who(directory, number))
    assert found is not None
    return sorted(
        (c.appointment.department_code, c.appointment.position, c.appointment.roles) for c in found.capacities
    )


async def test_somebody_new_works_and_drafts(seeded):
    [made] = await report(seeded.worker, person("P1", first_day="2026-01-05"))
    [placed] = await report(seeded.worker, post("A1", "P1"))
    assert (made.effect, placed.effect) == ("changed", "changed")
    assert await capacities(seeded, "P1") == [("Z310101", "주무관", ("drafter",))]
    told = await rows(
        seeded,
        "SELECT actor, correlation_id FROM journal WHERE type LIKE '%DirectoryChanged' ORDER BY seq DESC LIMIT 2",
    )
    assert {row["actor"]["system"] for row in told} == {"adapters/personnel"}
    assert len({row["correlation_id"] for row in told}) == 2


async def test_a_person_known_by_the_login_is_the_same_and_keeps_the_post(seeded):
    before = await rows(seeded, "SELECT official_id FROM official WHERE login = 'mogaha.kim'")
    assert [a.effect for a in await report(seeded.worker, person("P2", "김도윤", "mogaha.kim"))] == ["changed"]
    assert await who(seeded, "P2") == before[0]["official_id"]
    held = await capacities(seeded, "P2")
    [answer] = await report(seeded.worker, post("A2", "P2", position="행정사무관", first_day="2020-01-01"))
    assert (answer.effect, await capacities(seeded, "P2")) == ("unchanged", held)


async def test_a_login_of_somebody_else_is_refused(seeded):
    await report(seeded.worker, person("P2", "김도윤", "mogaha.kim"))
    [mine, foreign] = await report(
        seeded.worker, person("P3", "김도윤", "mogaha.kim"), person("P4", "이준호", "mpb.lee")
    )
    assert (mine.codes, foreign.codes) == (("login-taken",), ("login-taken",))


async def test_the_same_report_twice_has_one_effect_and_an_older_one_none(seeded):
    await report(seeded.worker, person("P1", "한새롬"))
    newer, older = person("P1", "한새론", at=MONDAY + DAY), person("P1", "한사람", at=MONDAY - DAY)
    answers = [await report(seeded.worker, newer, older), await report(seeded.worker, newer)]
    assert [[each.effect for each in found] for found in answers] == [["changed", "outdated"], ["unchanged"]]
    names = await rows(
        seeded,
        "SELECT name, valid_from, valid_to FROM official WHERE official_id = $1 ORDER BY valid_from",
        await who(seeded, "P1"),
    )
    assert [row["name"] for row in names] == ["한새롬", "한새론"]
    assert names[0]["valid_to"] == names[1]["valid_from"] == date(2026, 5, 12)


async def test_a_post_ends_on_its_last_day_and_stays_in_the_history(seeded):
    await report(seeded.worker, person("P1"))
    await report(seeded.worker, post("A1", "P1"))
    [ended] = await report(seeded.worker, post("A1", "P1", last_day="2026-05-31", at=MONDAY + DAY))
    kept = await rows(
        seeded, "SELECT valid_from, valid_to FROM appointment WHERE official_id = $1", await who(seeded, "P1")
    )
    assert ended.effect == "changed"
    assert kept == [{"valid_from": date(2026, 1, 5), "valid_to": date(2026, 6, 1)}]


async def test_a_post_taken_back_before_it_began_held_on_no_day_and_afterwards_ends_today(seeded):
    await report(seeded.worker, person("P1"))
    await report(seeded.worker, post("A1", "P1", first_day="2026-06-01"), post("A2", "P1", "Z310102"))
    later = {"withdrawn": True, "at": MONDAY + DAY}
    await report(seeded.worker, post("A1", "P1", first_day="2026-06-01", **later), post("A2", "P1", "Z310102", **later))
    kept = await rows(
        seeded,
        "SELECT valid_from, valid_to FROM appointment WHERE official_id = $1 ORDER BY valid_from",
        await who(seeded, "P1"),
    )
    assert kept == [
        {"valid_from": date(2026, 1, 5), "valid_to": date(2026, 5, 11)},
        {"valid_from": date(2026, 6, 1), "valid_to": date(2026, 6, 1)},
    ]


async def test_rights_of_a_post_go_with_the_post_not_with_its_name(seeded):
    await report(seeded.worker, person("P1"), person("P2", "김도윤", "mogaha.kim"))
    # mogaha.jung is the clerk with the seal under the same name of a post.
    await report(seeded.worker, post("A1", "P1", "Z310103", "행정주사"))
    assert await capacities(seeded, "P1") == [("Z310103", "행정주사", ("drafter",))]
    jung = await rows(seeded, "SELECT login FROM official WHERE login = 'mogaha.jung'")
    await report(seeded.worker, person("P9", "정하늘", jung[0]["login"], last_day="2026-05-31"))
    await report(
        seeded.worker, post("A9", "P1", "Z310103", "행정주사", kind=APPOINTMENT_KIND_ADDITIONAL, first_day="2026-06-01")
    )
    assert ("Z310103", "행정주사", ("clerk", "seal-keeper")) in await capacities(seeded, "P1")


async def test_whoever_acts_for_a_post_has_its_rights_and_signs_as_acting(seeded):
    await report(seeded.worker, person("P2", "김도윤", "mogaha.kim"))
    await report(
        seeded.worker,
        post(
            "A5",
            "P2",
            position="국장",
            kind=APPOINTMENT_KIND_ACTING,
            level=4,
            first_day="2026-05-11",
            last_day="2026-05-15",
        ),
    )
    assert ("Z310101", "국장 직무대리", ("approver",)) in await capacities(seeded, "P2")


async def test_whoever_leaves_leaves_every_post(seeded):
    await report(seeded.worker, person("P1"))
    await report(seeded.worker, post("A1", "P1"), post("A2", "P1", "Z310102"))
    await report(seeded.worker, person("P1", last_day="2026-05-31", at=MONDAY + DAY))
    await report(seeded.worker, post("A1", "P1", at=MONDAY + 2 * DAY))
    ends = await rows(
        seeded, "SELECT DISTINCT valid_to FROM appointment WHERE official_id = $1", await who(seeded, "P1")
    )
    assert ends == [{"valid_to": date(2026, 6, 1)}]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (lambda: post("A1", "P1", "Z319999"), "unit-unknown"),
        (lambda: post("A1", "P1", "Z090101"), "client-system-not-allowed"),
        (lambda: post("A1", "P1", first_day="2026-13-01"), "day-malformed"),
        (lambda: post("A1", "P1", position=" "), "appointment-incomplete"),
        (lambda: post("A1", "P1", level=9), "appointment-incomplete"),
        (lambda: post("A1", "P1", system="nobody"), "client-system-not-allowed"),
    ],
)
async def test_what_cannot_be_is_refused_and_goes_back(seeded, message, code):
    await report(seeded.worker, person("P1"))
    [answer] = await report(seeded.worker, message())
    assert (answer.effect, answer.codes) == ("refused", (code,))


async def test_a_unit_that_is_abolished_takes_nobody_but_had_people(seeded):
    await report(seeded.worker, person("P1"))
    await seeded.worker.pool.execute(
        "UPDATE unit SET valid_to = '2026-03-01', successor_codes = '[\"Z310101\"]' WHERE code = 'Z310102'"
    )
    now, then = await report(
        seeded.worker, post("A1", "P1", "Z310102"), post("A2", "P1", "Z310102", last_day="2026-02-27")
    )
    assert (now.codes, now.params) == (
        ("unit-abolished",),
        {"code": "Z310102", "day": "2026-03-01", "successors": "Z310101"},
    )
    assert then.effect == "changed"


async def test_a_person_may_still_be_on_the_way_for_an_hour(seeded):
    [waits] = await report(seeded.worker, post("A1", "P8"))
    [refused] = await report(seeded.worker, post("A1", "P8"), occurred=MONDAY - timedelta(minutes=61))
    assert (waits.effect, waits.codes) == ("", ("person-unreported",))
    assert (refused.effect, refused.codes) == ("refused", ("person-unreported",))


async def test_the_number_of_statements_does_not_grow(seeded):
    async with counted_pool(seeded.server.url("worker")) as (pool, texts):
        database = Database(pool, seeded.clock)
        counts = {}
        for size in (2, 1, 10, 100):
            # The driver asks about types when it first meets them: the first round is not counted.
            if size == 1:
                counts.clear()
            for form in (person, lambda number: post(f"A{number}", number, "Z310102")):
                batch = [form(f"{size}-{place}") for place in range(size)]
                texts.clear()
                answers = await report(database, *batch)
                assert {answer.effect for answer in answers} == {"changed"}
                counts.setdefault(batch[0].DESCRIPTOR.name, set()).add(len(texts))
    assert {name: len(found) for name, found in counts.items()} == {"OfficialReported": 1, "AppointmentReported": 1}, (
        counts
    )
