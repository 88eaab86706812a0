"""SOAP over HTTP: what others call us with is stored before it is answered; what goes out is a call to them, or waits here.

A call -> signed in, read once in a worker -> a folder on our disk, from where it is taken like any file -> the answer names it.
Answers of ours are posted to the other side's address; a side that cannot be called collects them and confirms.
"""

import asyncio
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from adapters.contract import Item
from adapters.formats.findings import FormatError
from adapters.formats.soap.model import Fault
from adapters.formats.soap.read import read
from adapters.formats.soap.shape import BODY, TYPE
from adapters.runtime.transports.contract import Handed, IsComplete, Source, Target, TransportError
from adapters.runtime.transports.folders import Folders

SECONDS: Final = 60.0
LARGEST_ANSWER: Final = 1 << 20
_SERVERS_FAULT: Final = 500


@dataclass(frozen=True, slots=True)
class Account:
    """A name and the file with its password."""

    user: str
    password_file: Path

    def password(self) -> str:
        """The password. Raises OSError."""
        return self.password_file.read_text(encoding="utf-8").rstrip("\n")

    def make(self) -> bool:
        """Makes up a password where there is none yet; answers whether it did. Raises OSError.

        Whoever reads the file tells it to the other side; no password is ever the same in two places.
        """
        self.password_file.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(24) + "\n")
        return True

    def fits(self, user: str, password: str) -> bool:
        """True for this name and password; takes as long for a wrong one as for the right one."""
        right = hmac.compare_digest(user.encode(), self.user.encode())
        return hmac.compare_digest(password.encode(), self.password().encode()) and right


@dataclass(frozen=True, slots=True)
class SoapServed:
    """What others call. path: under which they call us. caller: how they sign in.

    address: where they find us, when it is not where we are found (a proxy stands before us).
    """

    path: str
    caller: Account
    address: str = ""


@dataclass(frozen=True, slots=True)
class SoapCalled:
    """What we call. url: their address. action: SOAPAction header. account: how we sign in; None: not at all."""

    url: str
    action: str = ""
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Soap:
    """One system that speaks SOAP. folders: on our disk, for what came in and, when we cannot call them, for what goes out."""

    folders: Folders
    served: SoapServed | None = None
    called: SoapCalled | None = None

    @property
    def reads(self) -> bool:
        """True when they may call us."""
        return self.served is not None

    @property
    def writes(self) -> bool:
        """True when we call them, or they collect."""
        return self.called is not None or self.folders.writes

    def source(self, is_complete: IsComplete) -> Source:
        """What was stored of their calls. A call is a directory of its body and its content type."""
        del is_complete
        return self.folders.source(lambda names: TYPE in names)

    def target(self) -> Target:
        """Calls to them; without an address the folder they collect from."""
        return SoapTarget(self.called) if self.called else self.folders.target()


def as_item(name: str, body: bytes, content_type: str) -> Item:
    """A message as an item: what HTTP said of it stays beside it."""
    return Item(name, {BODY: body, TYPE: content_type.encode()})


class SoapTarget:
    """Posts messages, one after the other: their order is the order of events."""

    def __init__(self, called: SoapCalled) -> None:
        self._called = called
        self._client: httpx.AsyncClient | None = None

    async def put(self, items: Sequence[Item]) -> Handed:
        """Posts each; what they refuse delays no other, while a side that does not answer is left alone for now."""
        refused: dict[int, str] = {}
        for index, item in enumerate(items):
            try:
                fault = await self._post(item)
            except TransportError as error:
                # The rest is not even tried: a dead side costs one time-out, not one for each message.
                return Handed(refused, dict.fromkeys(range(index, len(items)), error.reason))
            if fault:
                refused[index] = f"{fault.reason} {fault.detail}".strip()
        return Handed(refused)

    async def close(self) -> None:
        """Ends the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _post(self, item: Item) -> Fault | None:
        """A fault of ours that trying again does not mend. Raises TransportError for everything else that went wrong."""
        called = self._called
        try:
            response = await (await self._open()).post(
                called.url,
                content=item.parts[BODY],
                headers={
                    "Content-Type": item.parts[TYPE].decode(),
                    "SOAPAction": f'"{called.action}"',
                    # The same name again is the same message: whoever keeps names takes it once.
                    "Message-Id": item.name,
                },
            )
        except (httpx.HTTPError, OSError) as error:
            await self.close()
            raise TransportError(called.url, type(error).__name__) from error
        fault = _fault_of(response)
        if fault and fault.code == "Client":
            return fault
        if fault or not response.is_success:
            raise TransportError(called.url, f"{response.status_code} {fault.reason if fault else ''}".strip())
        return None

    async def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            account = self._called.account
            auth = (account.user, await asyncio.to_thread(account.password)) if account else None
            self._client = httpx.AsyncClient(auth=auth, timeout=SECONDS, follow_redirects=False)
        return self._client


def _fault_of(response: httpx.Response) -> Fault | None:
    """The fault in an answer; None when there is none, or nothing that can be read."""
    content_type = response.headers.get("Content-Type", "")
    if "xml" not in content_type or len(response.content) > LARGEST_ANSWER:
        return None
    try:
        return read(response.content, content_type).fault
    except FormatError:
        return None
