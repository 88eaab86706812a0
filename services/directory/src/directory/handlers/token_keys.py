"""Signing keys. Two are live: the older one signs, the younger one waits until every replica has long known it.

Rotation retires the older one (still good for verifying what it signed), so the younger one signs, and makes a new one.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chassis.errors import TransientError
from chassis.uow import UnitOfWork
from directory import tables
from directory.domain.records import TokenKey
from directory.handlers.change_records import change_records, lock_directory
from directory.ports.keys import KeyFolder

LIVE_KEYS = 2
# Days are the grain of replicated rows; a token lives five minutes, in any time zone.
STILL_VERIFIES = timedelta(days=2)
# A key may already be met by a service whose day has not begun yet.
ALREADY_VERIFIES = timedelta(days=1)

_LIVE = "SELECT key_id, public_key, valid_from FROM token_key WHERE retired_at IS NULL ORDER BY ordinal"
_TRUSTED = "SELECT key_id, public_key FROM token_key WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)"


async def ensure_keys(unit: UnitOfWork, folder: KeyFolder) -> list[str]:
    """Makes keys until two are live whose private half is here; answers their ids, the signing one first."""
    await lock_directory(unit)
    live = await unit.fetch(_LIVE)
    lost = [_ended(unit, row) for row in live if not folder.holds(row["key_id"])]
    kept = [row["key_id"] for row in live if folder.holds(row["key_id"])]
    made = [_made(unit, folder) for _ in range(LIVE_KEYS - len(kept))]
    if lost or made:
        await change_records(unit, [*lost, *made], correlation_id="token-keys")
    return [*kept, *(key.key_id for key in made)]


async def rotate_keys(unit: UnitOfWork, folder: KeyFolder, *, revoke: bool = False) -> tuple[str, str]:
    """Retires the signing key and makes a new one that waits; answers (retired, made).

    revoke: the retired key is not trusted from now on, not even for tokens it has signed.
    """
    await lock_directory(unit)
    live = await unit.fetch(_LIVE)
    if len(live) < LIVE_KEYS:
        raise TransientError("token-keys-missing", params={"live": len(live)})
    retired = _ended(unit, live[0], revoke=revoke)
    made = _made(unit, folder)
    await change_records(unit, [retired, made], correlation_id="token-keys")
    return retired.key_id, made.key_id


async def signing_key(unit: UnitOfWork) -> str:
    """Id of the key that signs now; raises TransientError when there is none."""
    rows = await unit.fetch(_LIVE)
    if not rows:
        raise TransientError("token-keys-missing", params={"live": 0})
    return str(rows[0]["key_id"])


async def trusted_keys(unit: UnitOfWork) -> dict[str, bytes]:
    """Public keys by id that tokens are verified with today."""
    rows = await unit.fetch(_TRUSTED, unit.now.date())
    return {row["key_id"]: row["public_key"] for row in rows}


def _made(unit: UnitOfWork, folder: KeyFolder) -> TokenKey:
    new = folder.make()
    key = TokenKey(new.key_id, new.public_key, unit.now.date() - ALREADY_VERIFIES)
    row = {
        "key_id": key.key_id,
        "valid_from": key.valid_from,
        "valid_to": None,
        "public_key": key.public_key,
        "made_at": unit.now,
        "retired_at": None,
    }
    unit.insert(tables.TOKEN_KEY, row)
    return key


def _ended(unit: UnitOfWork, row: Mapping[str, Any], *, revoke: bool = False) -> TokenKey:
    valid_to = row["valid_from"] if revoke else unit.now.date() + STILL_VERIFIES
    key = TokenKey(row["key_id"], row["public_key"], row["valid_from"], valid_to)
    change = {"key_id": key.key_id, "valid_from": key.valid_from, "valid_to": valid_to, "retired_at": unit.now}
    unit.update(tables.TOKEN_KEY, change, key=("key_id", "valid_from"))
    return key
