"""What a transport is: where items come from and where they go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from adapters.contract import Item
from adapters.formats.findings import Finding, reject

IsComplete: TypeAlias = Callable[[Sequence[str]], bool]
"""Tells from the names of a directory's files whether it is whole."""


class TransportError(Exception):
    """The other side could not be reached or did not do what was asked; trying again may help.

    reason: short, for the log; no secret is in it. place: folder, table or address. finding: what the board says, in a
    code of its own where there is more to say than that it failed.
    """

    def __init__(self, place: str, reason: str, finding: Finding | None = None) -> None:
        self.place = place
        self.reason = reason
        self.finding = finding or reject("transport-failed", folder=place, error=reason)
        super().__init__(f"{place}: {reason}")


class ItemError(TransportError):
    """The other side did not do what was asked of one item; others may fare better, and this one later."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of items that were handed over, by index; what is not named went out.

    refused: for good, and why. failed: not now; trying again may help.
    """

    refused: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)


class Source(Protocol):
    """Where items come from. One task at a time uses it."""

    async def names(self) -> Sequence[str]:
        """Names of items that are whole, oldest first. Raises TransportError."""
        ...

    async def read(self, name: str) -> Item | None:
        """All bytes of an item; None when it has gone. Raises TransportError."""
        ...

    async def put_away(self, name: str, *, unreadable: bool) -> None:
        """Takes a stored item out of the way, so that it does not come again. Raises TransportError, ItemError.

        unreadable: nothing of it could be used; its owner has to look.
        """
        ...

    async def close(self) -> None:
        """Lets go of what is open."""
        ...


class Target(Protocol):
    """Where items go. One task at a time uses it."""

    async def put(self, items: Sequence[Item]) -> Handed:
        """Hands items over, each whole or not at all; the same name again replaces. Raises TransportError for all of them."""
        ...

    async def close(self) -> None:
        """Lets go of what is open."""
        ...


class Transport(Protocol):
    """One system's way in and out, as the operator configured it. Nothing is opened before it is used."""

    @property
    def reads(self) -> bool:
        """True when items come from there."""
        ...

    @property
    def writes(self) -> bool:
        """True when items go there."""
        ...

    def source(self, is_complete: IsComplete) -> Source:
        """A new source. ValueError when nothing is read from there."""
        ...

    def target(self) -> Target:
        """A new target. ValueError when nothing is written there."""
        ...
