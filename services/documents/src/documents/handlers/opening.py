"""The day has come on which a document's reading range begins to hold (열람제한): its readers are let in."""

from uuid import UUID

from chassis.actor import system_actor
from chassis.schedule import Timer
from chassis.uow import UnitOfWork
from documents.domain import visibility
from documents.domain.state import State
from documents.handlers.readers import facts_of, set_audience, today_of
from documents.ports.directory import View
from documents.translate.content import restored
from documents.translate.readers import readers_changed

_CARD = "SELECT * FROM document WHERE id = $1 FOR UPDATE"


async def open_reading(unit: UnitOfWork, timer: Timer, view: View) -> None:
    """Lets in whom the range names; a day that was moved meanwhile sets its own timer."""
    rows = await unit.fetch(_CARD, UUID(str(timer.payload["document"])))
    if not rows or State(rows[0]["state"]) in {State.DRAFT, *visibility.BEFORE_DECISION}:
        return
    row = dict(rows[0])
    document = restored(row, "")
    facts = facts_of(row, document, view, today_of(row, view, unit))
    if facts.until is None or facts.until > facts.today:
        return
    set_audience(unit, row, document, view)
    ranged = (visibility.Basis.DEPARTMENT, visibility.Basis.DIVISION, visibility.Basis.AGENCY, visibility.Basis.ALL)
    opened = [bearer for bearer, basis in visibility.readers_of(facts).items() if basis in ranged]
    unit.record(
        readers_changed(row["id"], "limit", opened),
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=system_actor("documents", row["agency_id"]).to_dict(),
        correlation_id=row["correlation_id"],
    )
