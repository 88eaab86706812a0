"""Absences over gRPC: who registers whose, what replicas and colleagues see, and two who name each other at once."""

import asyncio
from datetime import UTC, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RefusalError
from directory import queries
from directory.domain.records import Kind
from directory.seed import seed
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events

PEOPLE = {official.login: str(official.official_id) for official in seed().officials}


def stamp(moment) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(moment)
    return made


def trip(running, *, deputy: str = "", begins: float = 0, ends: float | None = 48, of: str = "") -> events.AbsenceData:
    now = running.clock.now()
    return events.AbsenceData(
        reason="trip",
        note="국외출장",
        starts_at=stamp(now + timedelta(hours=begins)),
        ends_at=stamp(now + timedelta(hours=ends)) if ends else None,
        deputy_official_id=PEOPLE.get(deputy, deputy),
        official_id=PEOPLE.get(of, of),
    )


async def register(running, login: str, absence: events.AbsenceData, request_id: str = "") -> events.AbsenceData:
    request = pb.RegisterAbsenceRequest(absence=absence, request_id=request_id)
    return (await running.stub.RegisterAbsence(request, metadata=await running.of(login))).absence


async def listed(running, login: str, *, agency: bool = False) -> list[tuple[str, str]]:
    answer = await running.stub.ListAbsences(pb.ListAbsencesRequest(agency=agency), metadata=await running.of(login))
    return [(entry.official_name, entry.deputy_name) for entry in answer.absences]


async def rows_of(running, kind: Kind) -> list[dict]:
    page = await queries.changes_after(running.parts.worker.pool, 0, 5000)
    return [dict(row) for row in page.rows if row["kind"] == kind]


async def test_an_absence_reaches_replicas_and_journal_with_who_did_it(running):
    absence = await register(running, "mogaha.park", trip(running, deputy="mogaha.lee"), "one")
    again = await register(running, "mogaha.park", trip(running, deputy="mogaha.lee"), "one")
    assert again == absence
    assert absence.official_id == PEOPLE["mogaha.park"]
    (row,) = await rows_of(running, Kind.ABSENCE)
    assert events.AbsenceData.FromString(row["payload"]) == absence
    assert (row["id"], str(row["valid_from"])) == (absence.absence_id, "2026-05-11")
    last = await running.parts.worker.pool.fetchrow(
        "SELECT actor, agency_id, payload FROM journal ORDER BY seq DESC LIMIT 1"
    )
    assert last["actor"]["official_id"] == PEOPLE["mogaha.park"]
    assert last["agency_id"] == absence.agency_id
    assert events.DirectoryChanged.FromString(last["payload"]).rows[0].payload == row["payload"]


async def test_whose_absences_are_told_to_whom(running):
    await register(running, "mogaha.park", trip(running, deputy="mogaha.lee", begins=5))
    await register(running, "mogaha.han", trip(running))
    assert await listed(running, "mogaha.lee") == [("박정훈", "이서진")]
    assert await listed(running, "mogaha.kim") == []
    assert await listed(running, "mogaha.kim", agency=True) == [("한지안", ""), ("박정훈", "이서진")]
    assert await listed(running, "mpb.kim", agency=True) == []
    found = await running.stub.ListOfficials(pb.ListOfficialsRequest(), metadata=await running.of("mogaha.kim"))
    assert {entry.name for entry in found.officials if entry.HasField("absence")} == {"한지안"}
    running.clock.advance(timedelta(hours=6))
    found = await running.stub.ListOfficials(pb.ListOfficialsRequest(), metadata=await running.of("mogaha.kim"))
    away = {entry.name: entry.absence for entry in found.officials if entry.HasField("absence")}
    assert set(away) == {"한지안", "박정훈"}
    assert (away["박정훈"].reason, away["박정훈"].deputy_official_id) == ("trip", PEOPLE["mogaha.lee"])


async def test_one_ends_ones_own_and_an_operator_anybodys_of_the_agency(running):
    absence = await register(running, "mogaha.park", trip(running, deputy="mogaha.lee"))
    request = pb.EndAbsenceRequest(absence_id=absence.absence_id)
    with pytest.raises(ForbiddenError, match="absence-not-yours"):
        await running.stub.EndAbsence(request, metadata=await running.of("mogaha.lee"))
    with pytest.raises(NotFoundError, match="absence-unknown"):
        await running.stub.EndAbsence(request, metadata=await running.of("mpb.kang"))
    with pytest.raises(NotFoundError, match="absence-unknown"):
        await running.stub.EndAbsence(
            pb.EndAbsenceRequest(absence_id="nothing"), metadata=await running.of("mogaha.park")
        )
    running.clock.advance(timedelta(hours=1))
    await running.stub.EndAbsence(request, metadata=await running.of("mogaha.kang"))
    assert await listed(running, "mogaha.park") == []
    (row,) = await rows_of(running, Kind.ABSENCE)
    assert events.AbsenceData.FromString(row["payload"]).ends_at.ToDatetime(UTC) == running.clock.now()
    assert str(row["valid_to"]) == "2026-05-12"
    with pytest.raises(ConflictError, match="absence-ended"):
        await running.stub.EndAbsence(request, metadata=await running.of("mogaha.park"))


async def test_what_is_taken_back_holds_on_no_day(running):
    absence = await register(running, "mogaha.park", trip(running, begins=48, ends=96))
    request = pb.EndAbsenceRequest(absence_id=absence.absence_id)
    await running.stub.EndAbsence(request, metadata=await running.of("mogaha.park"))
    (row,) = await rows_of(running, Kind.ABSENCE)
    assert row["valid_from"] == row["valid_to"]
    assert await register(running, "mogaha.park", trip(running, begins=48, ends=96))


async def test_an_operator_registers_for_others_and_nobody_else_does(running):
    with pytest.raises(ForbiddenError, match="absence-not-yours"):
        await register(running, "mogaha.lee", trip(running, of="mogaha.park"))
    for stranger in ("mpb.park", "nobody"):
        with pytest.raises(NotFoundError, match="official-not-here"):
            await register(running, "mogaha.kang", trip(running, of=stranger))
    absence = await register(running, "mogaha.kang", trip(running, of="mogaha.park", deputy="mogaha.lee"))
    assert absence.official_id == PEOPLE["mogaha.park"]
    assert await listed(running, "mogaha.park") == [("박정훈", "이서진")]


async def test_who_cannot_be_a_deputy(running):
    wrong = {"mogaha.park": "deputy-is-oneself", "mpb.lee": "deputy-not-in-agency", "nobody": "deputy-not-in-agency"}
    for deputy, code in wrong.items():
        with pytest.raises(InvalidError, match=code):
            await register(running, "mogaha.park", trip(running, deputy=deputy))
    assert await rows_of(running, Kind.ABSENCE) == []


async def test_two_who_name_each_other_at_the_same_moment_do_not_both_go(running):
    both = await asyncio.gather(
        register(running, "mogaha.park", trip(running, deputy="mogaha.lee")),
        register(running, "mogaha.lee", trip(running, deputy="mogaha.park")),
        return_exceptions=True,
    )
    refused = [outcome for outcome in both if isinstance(outcome, RefusalError)]
    assert [refusal.code for refusal in refused] == ["deputy-is-away"]
    assert len(await rows_of(running, Kind.ABSENCE)) == 1


async def test_times_that_cannot_be_are_refused(running):
    absence = trip(running)
    absence.starts_at.seconds = 10**15
    with pytest.raises(InvalidError, match="time-malformed"):
        await register(running, "mogaha.park", absence)
