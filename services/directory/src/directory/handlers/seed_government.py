"""Writes the seeded government: records, posts, and one login for each official with the published password."""

from chassis.uow import UnitOfWork
from directory import tables
from directory.handlers.change_records import change_posts, change_records
from directory.seed import Seed


async def seed_government(unit: UnitOfWork, government: Seed, password_hash: str) -> int:
    """Writes what is not there yet and answers how many records changed. Existing passwords stay as they are."""
    changed = await change_records(unit, government.records(), correlation_id="seed")
    change_posts(unit, government.posts)
    for login in government.logins:
        row = {
            "login": login.login,
            "official_id": login.official_id,
            # The same published password for all, so the same hash: hashing it 56 times would hide nothing.
            "password_hash": password_hash,
            "must_change": True,
            "changed_at": unit.now,
        }
        unit.insert(tables.CREDENTIAL, row, conflict="(login) DO NOTHING")
    return changed
