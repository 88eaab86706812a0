"""Ending a line for good (중단), by the drafter or the agency's records officer, with a reason."""

from dataclasses import replace

from approval.domain import machine
from approval.domain.line import Line
from approval.domain.machine import Act, Place
from approval.domain.people import Signer, relations
from chassis.errors import ForbiddenError, RefusalError

STOPPING = "행정업무규정 8·10"


def stop(line: Line, signer: Signer, reason: str) -> tuple[Line, int] | RefusalError:
    """The line stopped. The steps stay as they are; the reason stands in the history with the act.

    reason: checked before, here it only has to be there.
    """
    row = machine.row(Act.STOP, line.status, Place.NOWHERE)
    if row is None or not reason or not row.who & relations(line, signer):
        return ForbiddenError("stop-not-yours", source=STOPPING)
    drafter = line.drafter
    after = replace(line, status=row.target, version=line.version + 1, last_actor=signer.name)
    return after, drafter.order if drafter else 0
