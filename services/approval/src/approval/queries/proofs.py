"""Questions about proofs: what was signed for an act, how it was proven otherwise, and what lines of a call require."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from approval.domain.line import Line
from approval.domain.proofs import KeptProof
from approval.tables import LINE, STEP_PROOF
from approval.translate.lines import line_of
from approval.translate.proofs import agrees, proof_of_row
from chassis.db import Connection, Pool
from chassis.errors import NotFoundError

_COLUMNS = ", ".join(column.name for column in STEP_PROOF.c)
_PROOF = f"SELECT {_COLUMNS} FROM step_proof WHERE line_id = $1 AND version = $2"
_ACT = "SELECT actor FROM journal WHERE aggregate_id = $1 AND aggregate_version = $2 ORDER BY seq LIMIT 1"
_RECORDED = "SELECT payload FROM journal WHERE aggregate_id = $1 AND aggregate_version = $2 ORDER BY seq LIMIT 1"
_LINES = f"SELECT {', '.join(column.name for column in LINE.c)} FROM line WHERE id = ANY ($1::uuid[])"
# Acts on a line another agency leads belong to that agency; who may see the line may see them.
_LED = """
SELECT set_config('app.leads', concat_ws(',', nullif(current_setting('app.leads', true), ''), agency_id), true)
FROM line WHERE id = $1 AND agency_id <> current_setting('app.agency', true)
"""


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a line. strength: how the actor had signed in. proof: None when there is no more than that."""

    strength: str
    proof: KeptProof | None


async def act_of(connection: Connection, line_id: UUID, version: int) -> Act:
    """The act that made a version of a line. Raises NotFoundError act-unknown."""
    await connection.execute(_LED, line_id)
    actor = await connection.fetchval(_ACT, line_id, version)
    if actor is None:
        raise NotFoundError("act-unknown", params={"version": version}, field="version")
    return Act(str(actor.get("strength", "")), await proof_of(connection, line_id, version))


async def proof_of(connection: "Connection | Pool", line_id: UUID, version: int) -> KeptProof | None:
    """The kept proof of an act; None when nothing was signed."""
    row = await connection.fetchrow(_PROOF, line_id, version)
    return proof_of_row(row) if row else None


async def is_recorded(connection: "Connection | Pool", kept: KeptProof) -> bool:
    """Whether the journal tells the same of the act; False too when it holds no such act (any more)."""
    payload = await connection.fetchval(_RECORDED, kept.line_id, kept.version)
    return bool(payload) and agrees(kept, payload)


async def lines_of(connection: Connection, line_ids: Sequence[UUID]) -> list[Line]:
    """Lines the caller may see, of some ids; in no order."""
    return [line_of(row) for row in await connection.fetch(_LINES, list(line_ids))]
