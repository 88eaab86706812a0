"""The government exchange between agencies of one installation: what one has put out is laid before the other, once."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from adapters.formats.pack import parse_pack_file_name
from tools.suite import Suite

SECONDS = 0.1


@asynccontextmanager
async def carrying(suite: Suite, codes: Collection[str]) -> AsyncIterator[None]:
    """Carries packs between units with these codes for the length of the block; others stay where they lie."""
    received = suite.transport / "relay" / "receive"
    task = asyncio.create_task(_carry(suite.folder / "delivered", received, frozenset(codes)))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _carry(delivered: Path, received: Path, codes: frozenset[str]) -> None:
    while True:
        for path in sorted(delivered.glob("*.xml")):
            name = parse_pack_file_name(path.name)
            if {name.send_id, name.receive_id} <= codes:
                temporary = received / f"{path.name}.tmp"
                temporary.write_bytes(path.read_bytes())
                path.unlink()
                temporary.rename(received / path.name)
        await asyncio.sleep(SECONDS)
