"""``python -m approval``: serves; ``migrate``: provisions and migrates; ``parked``: the operator's desk; ``verify``.

migrate                        provision and migrate the database (ONNARA_POSTGRES_URL, an administrator's address)
parked list [--agency ID]      messages that could not be handled, oldest first, without their content
parked show ID                 one of them with its problems
parked fix ID FILE             replace its content by the bytes of a file, and try it again
parked replay ID               try it again at once
verify LINE VERSION            verify the kept proof of an act, by the version after it, from the stored rows alone
"""

import asyncio
import sys
from collections.abc import Sequence

from approval import verifying
from approval.main import MIGRATIONS, SERVICE, build, database_url, serve
from approval.settings import Settings
from chassis import db, migrate
from chassis.messaging import desk
from chassis.runner import main as run


def main(arguments: Sequence[str]) -> int:
    """Carries out one command line; answers the exit status."""
    if arguments and arguments[0] not in {"serve", "migrate", "parked", "verify"}:
        sys.stderr.write(f"{SERVICE}: serve, migrate, parked or verify, not {arguments[0]!r}\n")
        return 2
    settings = Settings()
    if arguments[:1] == ["migrate"]:
        migrate.run(settings.postgres_url, SERVICE, MIGRATIONS)
    elif arguments[:1] == ["parked"]:
        return asyncio.run(_parked(settings, arguments[1:]))
    elif arguments[:1] == ["verify"]:
        return asyncio.run(_verify(settings, arguments[1:]))
    else:
        run(serve(settings))
    return 0


async def _parked(settings: Settings, arguments: Sequence[str]) -> int:
    async with build(settings) as parts:
        return await desk.run(SERVICE, settings.worker_database_url, parts.subscriptions, arguments)


async def _verify(settings: Settings, arguments: Sequence[str]) -> int:
    pool = await db.open_pool(database_url(settings, "worker"), size=1)
    try:
        return await verifying.run(pool, arguments)
    finally:
        await pool.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
