"""What the directory asks of a passkey beyond what the WebAuthn standard checks: from where, and how often used. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis.errors import ForbiddenError, RefusalError

CHALLENGE_LIFETIME = timedelta(minutes=5)
FRESH = timedelta(minutes=15)
MOST_PASSKEYS = 10
LONGEST_NAME = 60

_ORIGIN = re.compile(r"https?://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(:(?P<port>[0-9]{1,5}|\*))?")
_ANY_PORT = re.compile(r"(?P<site>https?://localhost):\*")


def keeping_refusal(strength: str, opened_at: datetime, now: datetime, *, has_any: bool) -> RefusalError | None:
    """Why a session may not change its person's passkeys: what proves less must not make what proves more.

    strength: by what it was opened. has_any: its person has passkeys; then only one of those lets more be made or any be
    removed. The first may be made right after signing in, so that a session left open or stolen later makes none.
    """
    if has_any and strength != "passkey":
        return ForbiddenError("passkey-session-needed")
    if now - opened_at > FRESH:
        return ForbiddenError("session-not-fresh", params={"minutes": int(FRESH.total_seconds()) // 60})
    return None


def usable_origins(origins: str, *, demonstration: bool) -> tuple[str, ...]:
    """Origins from which passkeys are taken, parted by commas; ``http://localhost:*`` stands for any port.

    A pattern counts in a demonstration only, and only for localhost: such a passkey is good for nothing but pages of the
    user's own machine, because browsers bind it to that name. Raises ValueError for what is no origin.
    """
    named = tuple(origin.strip().lower() for origin in origins.split(",") if origin.strip())
    for origin in named:
        found = _ORIGIN.fullmatch(origin)
        if found is None or (found["port"] == "*" and _ANY_PORT.fullmatch(origin) is None):
            raise ValueError(f"not an origin: {origin}")
    return tuple(origin for origin in named if demonstration or not origin.endswith(":*"))


def origin_taken(origin: str, usable: Sequence[str]) -> bool:
    """True when a ceremony may have happened on a page of this origin."""
    if origin in usable and not origin.endswith(":*"):
        return True
    patterns = (_ANY_PORT.fullmatch(entry) for entry in usable)
    return any(found and re.fullmatch(re.escape(found["site"]) + "(:[0-9]{1,5})?", origin) for found in patterns)


def counter_goes_on(stored: int, told: int) -> bool:
    """False when a device tells fewer uses than we have seen: then there are two of it (WebAuthn 6.1.1).

    Devices that do not count always tell 0; one that has counted once does not stop.
    """
    return told > stored or (told == 0 and stored == 0)
