"""Who opened which body, and who tried: written on a connection of its own, outside journal and outbox (시행령 28③)."""

from uuid import UUID

from chassis import db
from chassis.actor import Actor
from chassis.uow import Database
from documents.tables import READING


async def note_reading(database: Database, document_id: UUID, actor: Actor, agency_id: str) -> None:
    """Keeps one reading. agency_id: of the document; empty when the caller was not let in."""
    row = {
        "document_id": document_id,
        "agency_id": agency_id,
        "official_id": actor.official_id or actor.system,
        "reader_agency": actor.agency_id,
        "reader_name": actor.name,
        "allowed": bool(agency_id),
        "read_at": database.clock.now(),
    }
    async with database.pool.acquire() as connection:
        await db.insert(connection, READING, [row])
