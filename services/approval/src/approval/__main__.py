"""``python -m approval``: serves; with a command it does one job and ends.

migrate                        provision and migrate the database (ONNARA_POSTGRES_URL, an administrator's address)
parked list [--agency ID]      messages that could not be handled, oldest first, without their content
parked show ID                 one of them with its content as hexadecimal digits
parked fix ID FILE             replace its content by the bytes of a file
parked replay ID               try it again at once
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

import asyncpg

from approval.main import MIGRATIONS, SERVICE, build, serve
from approval.settings import Settings
from chassis import migrate
from chassis.messaging.parked import ParkedMessages
from chassis.runner import main as run


def main(arguments: list[str] | None = None) -> int:
    """Carries out one command line; answers the exit status."""
    options = _parser().parse_args(arguments)
    settings = Settings()
    match options.command:
        case None:
            run(serve(settings))
        case "migrate":
            migrate.run(settings.postgres_url, SERVICE, MIGRATIONS)
        case "parked":
            asyncio.run(_parked(settings, options))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("approval", description="Approval lines and decisions.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("migrate", help="provision and migrate the database")
    jobs = commands.add_parser("parked", help="messages that could not be handled").add_subparsers(
        dest="job", required=True
    )
    listing = jobs.add_parser("list", help="without their content")
    listing.add_argument("--agency", default="", help="of one agency only")
    for name, text in (("show", "with content"), ("replay", "try again at once")):
        jobs.add_parser(name, help=text).add_argument("id", type=int)
    fixing = jobs.add_parser("fix", help="replace the content")
    fixing.add_argument("id", type=int)
    fixing.add_argument("file", type=Path)
    return parser


async def _parked(settings: Settings, options: argparse.Namespace) -> None:
    payload = options.file.read_bytes() if options.job == "fix" else b""
    async with build(settings) as parts:
        parked = ParkedMessages(parts.worker, parts.subscriptions)
        match options.job:
            case "list":
                for row in await parked.listed(options.agency):
                    _say(row)
            case "show":
                for row in await parts.worker.pool.fetch("SELECT * FROM parked WHERE id = $1", options.id):
                    _say(row)
            case "fix":
                await parked.fix(options.id, payload)
            case "replay":
                await parked.replay(options.id)


def _say(row: asyncpg.Record) -> None:
    values = {key: value.hex() if isinstance(value, bytes) else value for key, value in row.items()}
    sys.stdout.write(json.dumps(values, default=str, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
