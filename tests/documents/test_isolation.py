"""Who sees what, as the database enforces it: bare statements under the rpc role, whatever the code in front does."""

from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from chassis import db
from chassis.ids import uuid7
from documents.queries import Reader
from onnara.documents.v1 import documents_service_pb2 as pb
from support.documents_cards import (
    ABROAD,
    HOME,
    OFFICE,
    PARKS,
    ROADS,
    arrival,
    official,
    paper,
    person,
    report,
    request,
)

TABLES = ("document", "document_version", "manifest", "audience", "registration", "delivery", "delivery_event")
SET = "SELECT set_config('app.agency', $1, true), set_config('app.tokens', $2, true)"


@pytest_asyncio.fixture
async def rpc(documents_database):
    pool = await db.open_pool(documents_database.url("rpc"), size=1)
    yield pool
    await pool.close()


@asynccontextmanager
async def acting(rpc, actor):
    """A transaction of somebody, undone at its end."""
    tokens = Reader(actor.official_id, actor.agency_id, actor.department_code, actor.roles).tokens
    async with rpc.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(SET, actor.agency_id, ",".join(tokens))
            yield connection
        finally:
            await transaction.rollback()


async def seen(rpc, actor) -> dict[str, int]:
    async with acting(rpc, actor) as connection:
        return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}


async def test_strangers_see_nothing_even_with_bare_statements(documents, rpc) -> None:
    [card] = await documents.registered("A1")
    await documents.take(report(card["id"], "SENT"))
    await documents.take(arrival("D1"))
    nothing = dict.fromkeys(TABLES, 0)
    same_person_abroad = person("chief", ABROAD, official_id=official("chief"), department_code=ROADS)
    clerk_abroad = person("drafter", ABROAD, roles=frozenset({"clerk", "records"}))
    for actor in (person("neighbour"), same_person_abroad, clerk_abroad):
        assert await seen(rpc, actor) == nothing, actor
    colleague = person("drafter", official_id=official("somebody else"))
    found = await seen(rpc, colleague)
    # One registered document and one arrived: by the department's token, which shows nobody else's.
    assert found == {
        "document": 2, "document_version": 2, "manifest": 1, "audience": 2, "registration": 1, "delivery": 1,
        "delivery_event": 1,
    }  # fmt: skip
    for table in TABLES:
        assert await rpc.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_draft_is_its_authors_alone(documents, rpc) -> None:
    await documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()))
    assert (await seen(rpc, person("drafter")))["document"] == 1
    for name in ("reviewer", "chief", "neighbour"):
        assert set((await seen(rpc, person(name, roles=frozenset({"clerk", "records"})))).values()) == {0}


async def test_numbers_of_the_boxes_count_only_what_is_seen(documents) -> None:
    await documents.registered("A1")
    answer = await documents.call("CountBoxes", pb.CountBoxesRequest(), person("chief", ABROAD))
    assert answer == pb.CountBoxesResponse()


async def test_nobody_reads_the_reading_log_or_takes_numbers(rpc) -> None:
    log = "INSERT INTO reading (document_id, agency_id, official_id, reader_agency, reader_name, allowed, read_at)"
    for statement in (
        "SELECT * FROM reading",
        f"{log} VALUES (gen_random_uuid(), 'a', 'o', 'a', 'n', true, now())",
        "UPDATE number_series SET year = 1",
        "DELETE FROM number_series",
        "UPDATE registration SET serial = 1",
        "DELETE FROM document",
        "DELETE FROM audience",
        "UPDATE document_version SET number = 2",
        "UPDATE document_version SET effective = true",
        "DELETE FROM document_version",
        "UPDATE manifest SET canonical = ''",
        "UPDATE delivery SET receiver_code = 'T000000'",
        "DELETE FROM delivery",
        "UPDATE delivery_act SET reason = ''",
        "UPDATE seal_imprint SET number = 7",
        "DELETE FROM seal_imprint",
        "DELETE FROM seal_series",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rpc.execute(statement)


async def test_the_worker_does_not_change_what_was_kept(documents) -> None:
    for statement in (
        "UPDATE manifest SET canonical = ''",
        "UPDATE document_version SET body = 'x'",
        "UPDATE registration SET serial = 7",
        "DELETE FROM registration",
        "UPDATE reading SET allowed = true",
        "DELETE FROM reading",
        "UPDATE delivery_event SET step = 'ACCEPTED'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await documents.parts.worker.pool.execute(statement)


GRANT = "INSERT INTO audience (token, document_id, reader_agency, registered_at) VALUES ($1, $2, $3, now())"


async def test_nobody_lets_himself_see_what_is_not_his(documents, rpc) -> None:
    await documents.take(request("A1"))
    card = await documents.card("A1")
    for actor in (person("neighbour"), person("chief"), person("chief", ABROAD)):
        token = f"official:{actor.official_id}x"
        async with acting(rpc, actor) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(GRANT, token, card["id"], actor.agency_id)
    async with acting(rpc, person("drafter")) as connection:
        await connection.execute(GRANT, "official:whom-the-author-asks", card["id"], card["agency_id"])
        await connection.execute(GRANT, "official:of-a-joint-draft", card["id"], ABROAD)
    draft = await documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()))
    async with acting(rpc, person("drafter")) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(GRANT, "official:x", draft.document_id, ABROAD)


async def test_readers_are_changed_by_those_who_read_a_record_of_their_own_agency(documents, rpc) -> None:
    [card] = await documents.registered("A1")
    change = "SELECT change_audience($1, $2, $3, $4, $5, now())"
    row = (card["id"], ["official:new"], [HOME], ["grant"], ["official:old"])
    for actor, done in ((person("neighbour"), False), (person("chief", ABROAD), False), (person("chief"), True)):
        async with acting(rpc, actor) as connection:
            assert await connection.fetchval(change, *row) is done
    draft = await documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()))
    async with acting(rpc, person("chief", roles=frozenset({"records"}))) as connection:
        assert await connection.fetchval(change, draft.document_id, *row[1:]) is False


async def test_readers_do_not_write(documents, rpc) -> None:
    await documents.take(request("A1"))
    card = await documents.card("A1")
    async with acting(rpc, person("chief")) as connection:
        assert await connection.fetchval("SELECT count(*) FROM document") == 1
        assert await connection.execute("UPDATE document SET title = 'x'") == "UPDATE 0"
        assert await connection.execute("UPDATE document_version SET manifest_hash = ''") == "UPDATE 0"
    # Whoever has a step to come may lay a text beside the one under way (행정업무규정 9); nobody else, and never in its place.
    manifest = "INSERT INTO manifest (document_id, hash, canonical, created_at) VALUES ($1, '', '', now())"
    async with acting(rpc, person("chief")) as connection:
        await connection.execute(manifest, card["id"])
    async with acting(rpc, person("neighbour")) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(manifest, card["id"])
    version = "INSERT INTO document_version (document_id, number, title, body, author_name, manifest_hash, created_at) VALUES ($1, 2, '', '', '', '', now())"
    for identity in (card["id"], uuid7()):
        async with acting(rpc, person("chief")) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(version, identity)


@pytest.mark.parametrize("changes", [{"agency_id": ABROAD}, {"author_id": ""}, {"author_id": official("chief")}])
async def test_a_card_is_written_in_ones_own_name_only(documents, rpc, changes) -> None:
    await documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()))
    [(column, value)] = changes.items()
    async with acting(rpc, person("drafter")) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"UPDATE document SET {column} = $1", value)


def test_tokens_are_what_rights_hang_on() -> None:
    everybody = ("member:a", "all")
    assert Reader("", "a", "", frozenset({"clerk"})).tokens == ("agency:a",)
    assert Reader("o", "a", PARKS, frozenset()).tokens == ("official:o", f"department:{PARKS}", *everybody)
    assert Reader("o", "a", OFFICE, frozenset({"records"})).tokens[2:4] == ("agency:a", "records:a")


async def test_who_writes_along_neither_takes_the_draft_nor_decides_on_it(documents, rpc) -> None:
    made = await documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()))
    share = pb.SetCoDraftersRequest(document_id=made.document_id, official_ids=[official("reviewer")])
    await documents.call("SetCoDrafters", share)
    version = "INSERT INTO document_version (document_id, number, title, body, author_name, manifest_hash, created_at) VALUES ($1, 2, '', '', '', $2, now())"
    async with acting(rpc, person("reviewer")) as connection:
        assert await connection.execute("UPDATE document SET title = 'x'") == "UPDATE 1"
        assert await connection.execute("UPDATE document_version SET title = 'x'") == "UPDATE 1"
        await connection.execute(version, UUID(made.document_id), b"")
        assert await connection.fetchval("SELECT drop_draft($1)", UUID(made.document_id)) is False
    for statement in (
        "UPDATE document SET state = 'in-path'",
        f"UPDATE document SET author_id = '{official('reviewer')}'",
        "UPDATE document_version SET manifest_hash = 'x'",
    ):
        async with acting(rpc, person("reviewer")) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    async with acting(rpc, person("reviewer")) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(version, UUID(made.document_id), b"x" * 32)


async def test_numbers_of_kinds_and_lines_left_behind_are_the_services_own(rpc) -> None:
    for statement in (
        "SELECT * FROM past_line",
        "SELECT * FROM special_series",
        "INSERT INTO special_number (agency_id, kind, year, serial, document_id, text) VALUES ('', 1, 1, 1, gen_random_uuid(), '')",
        "UPDATE version_registration SET serial = 1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rpc.execute(statement)
