"""Finding people: one's own colleagues by any beginning, of other agencies only heads and those next to them."""

from datetime import timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from directory.domain.records import unit_id
from directory.seed import seed
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events

MPB = str(unit_id("Z090000"))


async def found(running, query: str = "", agency_id: str = "", login: str = "mogaha.kim", size: int = 0):
    request = pb.SearchOfficialsRequest(query=query, agency_id=agency_id, page_size=size)
    return (await running.stub.SearchOfficials(request, metadata=await running.of(login))).officials


async def names(running, query: str = "", agency_id: str = "", **more) -> list[str]:
    return [entry.name for entry in await found(running, query, agency_id, **more)]


async def test_by_the_beginning_of_a_name_a_position_or_a_department(running):
    assert await names(running, "박정") == ["박정훈"]
    assert await names(running, "과장") == ["서민규", "이서진"]
    assert await names(running, "행정능률과") == ["박정훈", "이서진", "김도윤", "한지안"]
    assert await names(running, "행정능률 과장") == ["이서진"]
    assert await names(running, "z310104") == ["문하준"]
    assert await names(running, "정훈") == []
    assert await names(running, "%") == []
    assert (await names(running, size=2)) == ["윤태식", "신유찬"]
    assert len(await names(running, size=1000)) == len(
        [a for a in seed().appointments if str(a.agency_id) != MPB and a.agency_id == unit_id("1310000")]
    )


async def test_entries_say_level_and_agency(running):
    (entry,) = await found(running, "박정훈")
    assert (entry.level, entry.agency_name, entry.agency_id) == (4, "행정자치부", str(unit_id("1310000")))
    assert (entry.department_name, list(entry.roles)) == ("행정능률과", ["approver"])


async def test_of_another_agency_only_heads_and_those_next_to_them(running):
    assert await names(running, agency_id=MPB) == ["윤혜숙", "박성민"]
    assert await names(running, "박", agency_id=MPB) == ["박성민"]
    assert await names(running, "이준호", agency_id=MPB) == []
    assert await names(running, agency_id="nothing") == []
    assert await names(running, agency_id=str(unit_id("6280000"))) == ["윤재명", "박연희"]


async def test_an_absence_elsewhere_is_told_without_its_reason(running):
    ends = Timestamp()
    ends.FromDatetime(running.clock.now() + timedelta(days=1))
    absence = events.AbsenceData(reason="leave", note="병가", ends_at=ends)
    request = pb.RegisterAbsenceRequest(absence=absence)
    await running.stub.RegisterAbsence(request, metadata=await running.of("mpb.park"))
    (own,) = await found(running, "박성민", login="mpb.kim")
    (other,) = await found(running, "박성민", MPB)
    assert (own.absence.reason, own.absence.note) == ("leave", "병가")
    assert (other.absence.reason, other.absence.note, other.absence.ends_at) == ("", "", ends)


async def test_who_left_is_found_nowhere(running):
    await running.parts.worker.pool.execute(
        "UPDATE appointment SET valid_to = '2026-05-11' WHERE official_id IN"
        " (SELECT official_id FROM official WHERE login IN ('mpb.park', 'mogaha.park'))"
    )
    assert await names(running, agency_id=MPB) == ["윤혜숙"]
    assert await names(running, "박정훈") == []


async def test_the_rpc_role_reads_nothing_of_others_but_the_heads(running):
    async with running.parts.rpc.transaction(agency_id=MPB) as unit:
        people = await unit.fetch("SELECT DISTINCT agency_id::text FROM appointment")
        heads = await unit.fetch(
            "SELECT level, count(DISTINCT agency_id) AS n FROM heads GROUP BY level ORDER BY level"
        )
    assert [row["agency_id"] for row in people] == [MPB]
    assert [tuple(row) for row in heads] == [(1, 8), (2, 1), (4, 8)]
