"""Time that passes: a durable timer of a document is made due now; what it does is the service's own affair."""

import asyncpg
from tests.support.desk import until

from tools.suite import Suite

_DUE = """
UPDATE timer SET due_at = now(), next_attempt_at = now() WHERE kind = $1 AND key LIKE $2 || '/%' AND done_at IS NULL
RETURNING id
"""
_DONE = "SELECT bool_and(done_at IS NOT NULL) FROM timer WHERE id = ANY ($1::uuid[])"


async def ring(suite: Suite, kind: str, document_id: str) -> int:
    """Lets the time pass that a document's timers of a kind wait for; answers how many there were, once they have fired."""
    connection = await asyncpg.connect(suite.database_url("documents"))
    try:
        timers = [row["id"] for row in await connection.fetch(_DUE, kind, document_id)]

        async def fired() -> bool:
            return bool(await connection.fetchval(_DONE, timers))

        if timers:
            await until(fired)
        return len(timers)
    finally:
        await connection.close()
