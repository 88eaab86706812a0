"""What every part of the gRPC side shares: the caller out of the verified token, the database, the directory.

Authority comes from the token only. Everything runs under the rpc role, cut to the agency the token names.
"""

from approval.domain.people import Signer
from approval.ports.directory import Directory, View
from approval.ports.passkeys import RelyingParty
from approval.ports.watch import LineWatch
from chassis.actor import Actor
from chassis.errors import ForbiddenError
from chassis.rpc import current_call
from chassis.uow import Database


class Calls:
    """Parts of the servicer are put together by inheritance and share these. party: whose passkeys are taken."""

    def __init__(
        self, database: Database, directory: Directory, watch: LineWatch, party: RelyingParty | None = None
    ) -> None:
        self._database = database
        self._directory = directory
        self._watch = watch
        self._party = party or RelyingParty()


def agency() -> str:
    """The tenant the token names. Raises ForbiddenError agency-missing."""
    agency_id = current_call().actor.agency_id
    if not agency_id:
        raise ForbiddenError("agency-missing")
    return agency_id


def official() -> Actor:
    """The caller, who must be a person: systems neither decide nor have boxes."""
    actor = current_call().actor
    if not actor.official_id or actor.is_system:
        raise ForbiddenError("person-missing")
    agency()
    return actor


def signer_of(actor: Actor, view: View) -> Signer:
    """Who signs, in a capacity that has not ended as far as our copy of the directory knows."""
    if view.has_ended(actor.appointment_id, actor.agency_id):
        raise ForbiddenError("capacity-ended", params={"position": actor.position})
    return looking(actor, view)


def looking(actor: Actor, view: View) -> Signer:
    """Who looks: the same without asking whether the capacity still holds."""
    return Signer(
        official_id=actor.official_id,
        appointment_id=actor.appointment_id,
        name=actor.name,
        position=actor.position,
        department_code=actor.department_code,
        department=view.department_name(actor.department_code, actor.agency_id),
        strength=actor.strength,
        agency_id=actor.agency_id,
        roles=actor.roles,
        stands_in_for=view.stands_in_for(actor.official_id, actor.agency_id),
    )
