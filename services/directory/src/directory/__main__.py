"""``python -m directory``: serves; with a command it does one job and ends.

migrate                     provision and migrate the database (ONNARA_POSTGRES_URL, an administrator's address)
seed --demo                 write the seeded government
keys list | rotate [--revoke]
password LOGIN              set a password, read from standard input
passkeys LOGIN              take all passkeys of a login out of use, as after a theft
parked list|show|fix|replay reports that could not be taken yet
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from chassis import migrate
from chassis.clock import SystemClock
from chassis.runner import main as run
from directory.domain.agency_codes import parse, report
from directory.domain.import_report import ImportReport
from directory.domain.listing import list_units
from directory.handlers.change_records import SYSTEM_ACTOR, By
from directory.handlers.credentials import set_password
from directory.handlers.import_units import import_units
from directory.handlers.passkeys import remove_all
from directory.handlers.seed_government import seed_government
from directory.handlers.token_keys import ensure_keys, rotate_keys
from directory.main import MIGRATIONS, SERVICE, code_tables, databases, parked, serve
from directory.ports.keys import KeyFolder
from directory.ports.passwords import Passwords
from directory.seed import DEMO_PASSWORD, seed
from directory.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Carries out one command line; answers the exit status."""
    options = _parser().parse_args(arguments)
    settings = Settings()
    match options.command:
        case None:
            run(serve(settings))
        case "migrate":
            migrate.run(settings.postgres_url, SERVICE, MIGRATIONS)
        case "seed":
            asyncio.run(_seed(settings))
        case "import-codes":
            asyncio.run(_import_codes(settings, options))
        case "keys":
            asyncio.run(_keys(settings, options))
        case "password":
            return asyncio.run(_password(settings, options.login))
        case "parked":
            return asyncio.run(parked(settings, options.arguments))
        case "passkeys":
            asyncio.run(_passkeys(settings, options.login))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("directory", description="Agencies, officials, sign-in.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("migrate", help="provision and migrate the database")
    seeding = commands.add_parser("seed", help="write the seeded government")
    seeding.add_argument("--demo", action="store_true", required=True, help="yes, with a published password")
    importing = commands.add_parser("import-codes", help="take tables of agency codes")
    importing.add_argument("paths", nargs="*", type=Path)
    importing.add_argument("--json", action="store_true", help="report as JSON")
    keys = commands.add_parser("keys", help="signing keys")
    keys.add_argument("action", choices=("list", "rotate"))
    keys.add_argument("--revoke", action="store_true", help="do not trust the retired key any more")
    password = commands.add_parser("password", help="set a password, read from standard input")
    password.add_argument("login")
    parking = commands.add_parser("parked", help="messages that could not be taken yet")
    parking.add_argument("arguments", nargs=argparse.REMAINDER)
    passkeys = commands.add_parser("passkeys", help="take all passkeys of a login out of use")
    passkeys.add_argument("login")
    return parser


async def _seed(settings: Settings) -> None:
    hashed = await Passwords().hash(DEMO_PASSWORD)
    async with databases(settings, SystemClock()) as (worker, _), worker.transaction() as unit:
        changed = await seed_government(unit, seed(), hashed)
    _say(f"{len(seed().records())} records, {changed} changed; {len(seed().logins)} logins")


async def _import_codes(settings: Settings, options: argparse.Namespace) -> None:
    paths = options.paths or code_tables(settings)
    table = parse(*[path.read_bytes() for path in paths])
    listing = list_units(table.rows)
    async with databases(settings, SystemClock()) as (worker, _), worker.transaction() as unit:
        done = await import_units(unit, listing.units, listing.outside)
    files = tuple(path.name for path in paths)
    found = ImportReport(
        files, done.units, done.changed, listing.left_out, done.findings, table.findings, report(table)
    )
    _say(json.dumps(found.to_dict(), ensure_ascii=False, indent=1) if options.json else found.to_text())


async def _keys(settings: Settings, options: argparse.Namespace) -> None:
    folder = KeyFolder(settings.key_folder)
    async with databases(settings, SystemClock()) as (worker, _):
        if options.action == "rotate":
            async with worker.transaction() as unit:
                retired, made = await rotate_keys(unit, folder, revoke=options.revoke)
            # Only now: were the transaction lost, the old key would still have to sign.
            folder.remove(retired)
            _say(f"retired {retired}, made {made}")
        async with worker.transaction() as unit:
            signing, waiting = await ensure_keys(unit, folder)
    _say(f"signs {signing}, waits {waiting}")


async def _password(settings: Settings, login: str) -> int:
    hashed = await Passwords().hash(sys.stdin.readline().rstrip("\r\n"))
    async with databases(settings, SystemClock()) as (worker, _), worker.transaction() as unit:
        found = await set_password(unit, login, hashed)
    _say("changed" if found else "no such login")
    return 0 if found else 1


async def _passkeys(settings: Settings, login: str) -> None:
    async with databases(settings, SystemClock()) as (worker, _), worker.transaction() as unit:
        removed = await remove_all(unit, login, By(SYSTEM_ACTOR, "passkeys-removed"))
    _say(f"{removed} taken out of use")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
