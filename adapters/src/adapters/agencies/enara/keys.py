"""The key of a request, and in it where its answer goes. Text both ways, pure.

`APP20260506000000001@ADM131000040` names the request. What an answer needs and the request's approval line does not tell
follows after `?`, only where it differs from what the manifest takes for granted:
`generation` (exchange), `to` (the document system's server), `user` (who asked), `by` (who was addressed).
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from adapters.formats.exchange import Generation
from adapters.formats.exchange.directory import SERVER_ID
from adapters.formats.findings import FormatError, reject

_NAMES: Final = ("generation", "to", "user", "by")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request came from and how its answer has to look. Empty texts: as the manifest says."""

    number: str
    server: str
    generation: str = ""
    to: str = ""
    user: str = ""
    by: str = ""

    @property
    def identity(self) -> str:
        """The request's identity: the same request in other clothes has the same."""
        return f"{self.number}@{self.server}"

    def key(self) -> str:
        """The identity with the rest of the address."""
        rest = urlencode([(name, value) for name in _NAMES if (value := getattr(self, name))])
        return f"{self.identity}?{rest}" if rest else self.identity


def parse(key: str) -> Address:
    """Take a key apart. Raises FormatError `natural-key-unreadable`."""
    identity, _, rest = key.partition("?")
    number, at, server = identity.rpartition("@")
    values = dict(parse_qsl(rest))
    if not (at and number and SERVER_ID.fullmatch(server)) or set(values) - set(_NAMES):
        raise FormatError([reject("natural-key-unreadable", "origin.natural_key", value=key)])
    return Address(number, server, **values)


def generation_of(text: str) -> Generation:
    """Give the generation a text names; the newer one for anything else."""
    return "exchange" if text == "exchange" else "exchange_mis"


def agency_of(server: str) -> str:
    """Give the 7-character code inside a server id; empty when it is none."""
    return server[3:10] if SERVER_ID.fullmatch(server) else ""
