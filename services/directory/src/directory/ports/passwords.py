"""Passwords: argon2id (RFC 9106), off the event loop, a bounded number at a time."""

import asyncio
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Each verification holds 64 MiB and one core: more at once would only make all of them late.
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a password is right, and a new hash when the old one was made with weaker parameters."""

    right: bool
    renewed: str = ""


class Passwords:
    """Hashes and verifies. hasher: the parameters; the library's defaults are the second profile of RFC 9106."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # Verified against when a login is unknown, so that it takes as long as a known one.
        self._nobody = self._hasher.hash("nobody")
        self._places = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> Proof:
        """Compares with a stored hash; None: the login is unknown, the time is spent all the same."""
        async with self._places:
            return await asyncio.to_thread(self._verify, stored, password)

    def _verify(self, stored: str | None, password: str) -> Proof:
        known = stored is not None
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return Proof(right=False)
        if stored and self._hasher.check_needs_rehash(stored):
            return Proof(right=True, renewed=self._hasher.hash(password))
        return Proof(right=known)
