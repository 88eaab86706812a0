"""Passwords set by an operator or by their owner: the published one of a demonstration ends here."""

from chassis.uow import UnitOfWork

_SET = "UPDATE credential SET password_hash = $2, must_change = false, changed_at = $3 WHERE login = $1 RETURNING official_id"
_END_SESSIONS = "UPDATE session SET ended_at = $2 WHERE official_id = $1 AND ended_at IS NULL"


async def set_password(unit: UnitOfWork, login: str, password_hash: str) -> bool:
    """Sets a login's password and ends its sessions; False when there is no such login."""
    rows = await unit.fetch(_SET, login.strip().lower(), password_hash, unit.now)
    for row in rows:
        await unit.connection.execute(_END_SESSIONS, row["official_id"], unit.now)
    return bool(rows)
