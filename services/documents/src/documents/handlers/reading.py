"""Who opened which text or file, and who tried: written on a connection of its own, outside journal and outbox (시행령 28③)."""

from uuid import UUID

from chassis import db
from chassis.actor import Actor
from chassis.uow import Database
from documents.ports.directory import View
from documents.tables import READING

BODY, ATTACHMENT, OUTPUT = "body", "attachment", "output"
# The moment a circulated document was read is noted by opening it (행정업무규정 18④, 시행규칙 17).
_READ = "UPDATE circulation SET read_at = $3 WHERE document_id = $1 AND official_id = $2 AND read_at IS NULL"


async def note_reading(
    database: Database,
    document_id: UUID,
    actor: Actor,
    agency_id: str,
    view: View,
    *,
    right: str = "",
    what: str = BODY,
) -> None:
    """Keeps one reading. agency_id: of the document; empty when the caller was not let in.

    right: by which the caller reads, as a list of readings names it. what: body, attachment or output.
    """
    department = view.unit(actor.department_code) if actor.department_code else None
    agency = view.agency(actor.agency_id) if actor.agency_id else None
    now = database.clock.now()
    row = {
        "document_id": document_id,
        "agency_id": agency_id,
        "official_id": actor.official_id or actor.system,
        "reader_agency": actor.agency_id,
        "reader_name": actor.name,
        "allowed": bool(agency_id),
        "read_at": now,
        "department_name": department.name if department else "",
        "agency_name": agency.name if agency else "",
        "basis": right,
        "what": what,
    }
    async with database.pool.acquire() as connection:
        await db.insert(connection, READING, [row])
        if agency_id and what == BODY and actor.official_id:
            await connection.execute(_READ, document_id, actor.official_id, now)
