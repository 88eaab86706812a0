"""Absences and deputies as a personnel system reports them (대결, 행정업무규정 10③)."""

from datetime import timedelta

from support.reporting import MONDAY, absence, person, post, report

DAY = timedelta(days=1)
ABSENCES = "SELECT starts_at, ends_at, deputy_official_id IS NOT NULL AS deputised, valid_from, valid_to FROM absence ORDER BY starts_at"


async def staffed(seeded) -> None:
    """P1 decides (국장), P2 reviews (과장), P3 drafts."""
    await report(
        seeded.worker,
        person("P1", "박정훈", "mogaha.park"),
        person("P2", "이서진", "mogaha.lee"),
        person("P3", "김도윤", "mogaha.kim"),
    )


async def away(seeded) -> list[dict]:
    return [dict(row) for row in await seeded.worker.pool.fetch(ABSENCES)]


async def test_an_absence_with_a_deputy_and_its_taking_back(seeded):
    await staffed(seeded)
    [made] = await report(seeded.worker, absence("B1", "P1", (1, 3), "P2"))
    [again] = await report(seeded.worker, absence("B1", "P1", (1, 3), "P2", at=MONDAY + DAY / 24))
    assert (made.effect, again.effect) == ("changed", "unchanged")
    assert [(row["starts_at"], row["ends_at"], row["deputised"]) for row in await away(seeded)] == [
        (MONDAY + DAY, MONDAY + 3 * DAY, True)
    ]
    [back] = await report(seeded.worker, absence("B1", "P1", (1, 3), "P2", withdrawn=True, at=MONDAY + DAY / 12))
    [row] = await away(seeded)
    assert (back.effect, row["ends_at"], row["valid_to"]) == ("changed", row["starts_at"], row["valid_from"])


async def test_an_absence_taken_back_while_it_runs_ends_the_deputys_time_now(seeded):
    await staffed(seeded)
    await report(seeded.worker, absence("B1", "P1", (0, 3), "P2"))
    seeded.clock.advance(DAY)
    await report(seeded.worker, absence("B1", "P1", (0, 3), "P2", withdrawn=True, at=MONDAY + DAY))
    [row] = await away(seeded)
    assert (row["starts_at"], row["ends_at"]) == (MONDAY, MONDAY + DAY)


async def test_who_drafts_does_not_decide_for_who_decides(seeded):
    await staffed(seeded)
    [refused] = await report(seeded.worker, absence("B1", "P1", (1, 3), "P3"))
    [taken] = await report(seeded.worker, absence("B2", "P3", (1, 3), "P2"))
    assert (refused.codes, taken.effect) == (("deputy-without-authority",), "changed")


async def test_the_older_report_never_overwrites(seeded):
    await staffed(seeded)
    first, older = absence("B1", "P1", (1, 5), "P2", at=MONDAY), absence("B1", "P1", (1, 2), at=MONDAY - DAY)
    answers = await report(seeded.worker, first, older)
    assert [each.effect for each in answers] == ["changed", "outdated"]
    assert [row["ends_at"] for row in await away(seeded)] == [MONDAY + 5 * DAY]


async def test_what_was_decided_before_the_report_came_stays_decided(seeded):
    await staffed(seeded)
    await report(seeded.worker, absence("B1", "P1", (-2, 3), "P2"), absence("B2", "P2", (-9, -3)))
    assert [(row["starts_at"], row["ends_at"]) for row in await away(seeded)] == [(MONDAY, MONDAY + 3 * DAY)]


async def test_what_the_person_has_registered_is_the_same_absence(seeded):
    await staffed(seeded)
    await report(seeded.worker, absence("OWN", "P1", (1, 3), "P2"))
    await seeded.as_owner("DELETE FROM reported WHERE key = 'OWN'")
    [same] = await report(seeded.worker, absence("B7", "P1", (1, 3)))
    [longer] = await report(seeded.worker, absence("B7", "P1", (1, 6), "P2", at=MONDAY + DAY / 24))
    assert (same.effect, longer.effect) == ("unchanged", "changed")
    assert [(row["ends_at"], row["deputised"]) for row in await away(seeded)] == [(MONDAY + 6 * DAY, True)]


async def test_an_absence_moved_before_it_began_and_one_that_has_begun(seeded):
    await staffed(seeded)
    await report(seeded.worker, absence("B1", "P1", (1, 3), "P2"))
    await report(seeded.worker, absence("B1", "P1", (2, 4), "P2", at=MONDAY + DAY / 24))
    real = [row for row in await away(seeded) if row["valid_from"] != row["valid_to"]]
    assert [(row["starts_at"], row["ends_at"]) for row in real] == [(MONDAY + 2 * DAY, MONDAY + 4 * DAY)]
    seeded.clock.advance(3 * DAY)
    [kept] = await report(seeded.worker, absence("B1", "P1", (2, 5), "P2", at=MONDAY + 3 * DAY))
    real = [row for row in await away(seeded) if row["valid_from"] != row["valid_to"]]
    assert (kept.effect, [(row["starts_at"], row["ends_at"]) for row in real]) == (
        "changed",
        [(MONDAY + 2 * DAY, MONDAY + 5 * DAY)],
    )


async def test_deputies_who_are_away_or_elsewhere_are_refused(seeded):
    await staffed(seeded)
    await report(seeded.worker, person("P4"))
    away_too, nowhere, oneself, unknown = await report(
        seeded.worker,
        absence("B1", "P2", (1, 3)),
        absence("B2", "P1", (2, 4), "P4"),
        absence("B3", "P1", (2, 4), "P1"),
        absence("B4", "P1", (2, 4), "P9"),
    )
    [refused] = await report(seeded.worker, absence("B5", "P1", (2, 4), "P2"))
    assert (away_too.effect, nowhere.codes, oneself.codes) == (
        "changed",
        ("deputy-not-in-agency",),
        ("deputy-is-oneself",),
    )
    assert (unknown.codes, refused.codes) == (("person-unreported",), ("deputy-is-away",))


async def test_a_deputy_made_today_acts_tomorrow(seeded):
    await staffed(seeded)
    await report(seeded.worker, person("P5", "한새롬"))
    await report(seeded.worker, post("A1", "P5", position="과장", level=5, first_day="2026-05-12"))
    [answer] = await report(seeded.worker, absence("B1", "P1", (1, 3), "P5"))
    assert answer.effect == "changed"
