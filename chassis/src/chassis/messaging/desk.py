"""The operator's command for parked messages: ``python -m <service> parked list|show|fix|replay``.

Lists and shows codes, places and times, never content; ``fix`` reads the corrected message from a file.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chassis import db
from chassis.clock import SystemClock
from chassis.errors import NotFoundError
from chassis.messaging.inbox import Subscription
from chassis.messaging.parked import ParkedMessages
from chassis.uow import Database


def parser(service: str) -> argparse.ArgumentParser:
    """What the command understands."""
    root = argparse.ArgumentParser(prog=f"python -m {service} parked")
    verbs = root.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="messages that wait, oldest first")
    listing.add_argument("--agency", default="", help="only this agency's (its stable id)")
    for verb, meaning in (("show", "one message: its problems and attempts"), ("replay", "try it again at once")):
        verbs.add_parser(verb, help=meaning).add_argument("id", type=int)
    fix = verbs.add_parser("fix", help="replace its content by a file's, then replay it")
    fix.add_argument("id", type=int)
    fix.add_argument("file", type=Path, help="the corrected message, as protobuf bytes")
    return root


async def run(
    service: str, worker_url: str, subscriptions: Sequence[Subscription[Any, Any]], arguments: Sequence[str]
) -> int:
    """Carries out one command; answers the exit code: 0 done, 3 no such message."""
    asked = parser(service).parse_args(arguments)
    pool = await db.open_pool(worker_url, size=2)
    try:
        parked = ParkedMessages(Database(pool, SystemClock()), subscriptions)
        if asked.verb == "list":
            for row in await parked.listed(asked.agency):
                sys.stdout.write(line(row) + "\n")
            return 0
        try:
            row = await parked.find(asked.id)
        except NotFoundError:
            sys.stderr.write(f"{service}: no parked message {asked.id}\n")
            return 3
        if asked.verb == "fix":
            await parked.fix(asked.id, asked.file.read_bytes())
        if asked.verb in {"fix", "replay"}:
            await parked.replay(asked.id)
        sys.stdout.write(line(row) + "\n")
        if asked.verb == "show":
            for problem in row["problems"]:
                sys.stdout.write(f"    {problem['code']} {problem['field']} {problem['params']}\n")
    finally:
        await pool.close()
    return 0


def line(row: Any) -> str:
    """One parked message in one line."""
    codes = ", ".join(problem["code"] for problem in row["problems"])
    next_try = (
        f"again at {row['next_attempt_at']:%Y-%m-%d %H:%M:%S} UTC" if row["next_attempt_at"] else "waits for a person"
    )
    return f"{row['id']:>8}  {row['consumer']}  {row['attempts']} attempts, {next_try}  {codes}"
