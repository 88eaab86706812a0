"""Folders of another machine over SFTP: the same rules as for folders of this one, over a connection that may break.

The other side's key must be known beforehand; ours is a file or, where the other side wants one, a password in a file.
"""

import asyncio
import contextlib
import posixpath
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from adapters.contract import Item
from adapters.runtime.transports.contract import Handed, IsComplete, TransportError
from adapters.runtime.transports.folders import is_unfinished

CONNECT_SECONDS = 15
KEEPALIVE_SECONDS = 20
# What one conversation may take before the line counts as broken: a large file over a slow line needs minutes.
LONGEST_SECONDS = 900
FILES_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class SftpServer:
    """The other machine. known_hosts: file with its key, in OpenSSH's format. Exactly one of key and password is used."""

    host: str
    user: str
    known_hosts: Path
    port: int = 22
    key_file: Path | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class SftpFolders:
    """Four folders there; empty: not used. Inbox, taken and error must lie on one file system."""

    server: SftpServer
    inbox: str = ""
    taken: str = ""
    error: str = ""
    outbox: str = ""

    @property
    def reads(self) -> bool:
        """True when there is an inbox."""
        return bool(self.inbox)

    @property
    def writes(self) -> bool:
        """True when there is an outbox."""
        return bool(self.outbox)

    def source(self, is_complete: IsComplete) -> "SftpSource":
        """The inbox. Raises ValueError when it or the folder for what was taken is missing."""
        if not (self.inbox and self.taken):
            raise ValueError("the folders inbox and taken are needed")
        return SftpSource(Line(self.server), self, is_complete)

    def target(self) -> "SftpTarget":
        """The outbox. Raises ValueError when there is none."""
        if not self.outbox:
            raise ValueError("the folder outbox is needed")
        return SftpTarget(Line(self.server), self.outbox)


class Line:
    """One connection, made when it is needed and thrown away when it fails."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    @asynccontextmanager
    async def talk(self, folder: str) -> AsyncIterator[asyncssh.SFTPClient]:
        """A conversation about a folder. Raises TransportError; the next one gets a new connection then."""
        place = f"{self._server.host}:{folder}"
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                yield await self._open()
        except asyncssh.HostKeyNotVerifiable as error:
            await self.close()
            raise TransportError(place, "the key of the other machine is not the known one") from error
        except asyncssh.PermissionDenied as error:
            await self.close()
            raise TransportError(place, "signing in was refused") from error
        except asyncssh.SFTPError as error:
            # An answer, not a broken line: a missing folder, a full disk.
            raise TransportError(place, error.reason) from error
        except (OSError, TimeoutError, asyncssh.Error) as error:
            await self.close()
            raise TransportError(place, type(error).__name__) from error

    async def _open(self) -> asyncssh.SFTPClient:
        if self._client is None or self._connection is None or self._connection.is_closed():
            server = self._server
            password = None
            if server.password_file:
                password = (await asyncio.to_thread(server.password_file.read_text, "utf-8")).rstrip("\n")
            self._connection = await asyncssh.connect(
                server.host,
                server.port,
                username=server.user,
                client_keys=[str(server.key_file)] if server.key_file else None,
                password=password,
                known_hosts=str(server.known_hosts),
                agent_path=None,
                config=None,
                connect_timeout=CONNECT_SECONDS,
                keepalive_interval=KEEPALIVE_SECONDS,
            )
            self._client = await self._connection.start_sftp_client()
        return self._client

    async def close(self) -> None:
        """Ends the connection."""
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.abort()
            with contextlib.suppress(asyncssh.Error, OSError):
                await connection.wait_closed()


@dataclass
class SftpSource:
    """Takes items out of a folder there."""

    line: Line
    folders: SftpFolders
    is_complete: IsComplete
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def names(self) -> Sequence[str]:
        """Names of items that are whole: two looks saw a file alike, or a directory has its marker."""
        present: dict[str, tuple[int, int]] = {}
        whole = []
        inbox = self.folders.inbox
        async with self.line.talk(inbox) as client:
            for entry in sorted(await client.readdir(inbox), key=lambda each: each.filename):
                name = _text(entry.filename)
                if is_unfinished(name):
                    continue
                if stat.S_ISDIR(entry.attrs.permissions or 0):
                    if self.is_complete(sorted(await _file_names(client, posixpath.join(inbox, name)))):
                        whole.append(name)
                    continue
                present[name] = (entry.attrs.size or 0, entry.attrs.mtime or 0)
                if self._seen.get(name) == present[name]:
                    whole.append(name)
        self._seen = present
        return whole

    async def read(self, name: str) -> Item | None:
        """All bytes of an item; None when it has gone."""
        path = posixpath.join(self.folders.inbox, name)
        async with self.line.talk(self.folders.inbox) as client:
            try:
                if not await client.isdir(path):
                    return Item(name, {name: await _bytes(client, path)})
                parts = sorted(await _file_names(client, path))
                return Item(name, {part: await _bytes(client, posixpath.join(path, part)) for part in parts})
            except asyncssh.SFTPNoSuchFile:
                return None

    async def put_away(self, name: str, *, unreadable: bool) -> None:
        """Moves an item by one rename; a name that is taken there gets a number."""
        folders = self.folders
        folder = folders.error if unreadable and folders.error else folders.taken
        async with self.line.talk(folder) as client:
            source = posixpath.join(folders.inbox, name)
            if not await client.exists(source):
                return
            await client.makedirs(folder, exist_ok=True)
            target, number = posixpath.join(folder, name), 1
            while await client.exists(target):
                number += 1
                target = posixpath.join(folder, f"{name}.{number}")
            await client.rename(source, target)

    async def close(self) -> None:
        """Ends the connection."""
        await self.line.close()


@dataclass
class SftpTarget:
    """Puts items into a folder there."""

    line: Line
    outbox: str

    async def put(self, items: Sequence[Item]) -> Handed:
        """Writes all items under other names and renames each once it is whole."""
        async with self.line.talk(self.outbox) as client:
            await client.makedirs(self.outbox, exist_ok=True)
            gate = asyncio.Semaphore(FILES_AT_ONCE)

            async def one(item: Item) -> None:
                async with gate:
                    await _put(client, self.outbox, item)

            await asyncio.gather(*map(one, items))
        return Handed()

    async def close(self) -> None:
        """Ends the connection."""
        await self.line.close()


async def _put(client: asyncssh.SFTPClient, outbox: str, item: Item) -> None:
    target = posixpath.join(outbox, item.name)
    if tuple(item.parts) == (item.name,):
        temporary = f"{target}.tmp"
        await _write(client, temporary, item.parts[item.name])
        await client.posix_rename(temporary, target)
        return
    temporary = posixpath.join(outbox, f".{item.name}.tmp")
    await client.rmtree(temporary, ignore_errors=True)
    await client.mkdir(temporary)
    for name, data in item.parts.items():
        await _write(client, posixpath.join(temporary, name), data)
    if await client.exists(target):
        # Between these two steps the receiver sees nothing; it never sees a part.
        await client.rmtree(target)
    await client.posix_rename(temporary, target)


async def _write(client: asyncssh.SFTPClient, path: str, data: bytes) -> None:
    async with client.open(path, "wb") as file:
        await file.write(data)
        # Not every server offers it; those that do not have no other promise to give.
        with contextlib.suppress(asyncssh.SFTPOpUnsupported):
            await file.fsync()


async def _bytes(client: asyncssh.SFTPClient, path: str) -> bytes:
    async with client.open(path, "rb", encoding=None) as file:
        data: bytes = await file.read()
        return data


async def _file_names(client: asyncssh.SFTPClient, folder: str) -> list[str]:
    return [
        _text(entry.filename)
        for entry in await client.readdir(folder)
        if stat.S_ISREG(entry.attrs.permissions or 0) and not is_unfinished(_text(entry.filename))
    ]


def _text(name: bytes | str) -> str:
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
