"""The bytes of items as they came, in the blob store: kept, read record by record, and removed.

They lie apart from what documents are made of, for they go when their own retention ends: files under one name, lists of
directories under another, and what such a list names under a name of its own, so that removing one item never touches another.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.contract import Item
from chassis.blobs import Blobs


async def keep(blobs: Blobs, agency_id: str, item: Item) -> bytes:
    """Keeps an item; answers its hash: that of its one file, or of the list of its files and their hashes."""
    if tuple(item.parts) == (item.name,):
        return (await blobs.put(_files(agency_id), item.parts[item.name])).sha256
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(item.parts.items())}
    listing = msgspec.json.encode(hashes)
    sha256 = hashlib.sha256(listing).digest()
    for data in item.parts.values():
        await blobs.put(_inside(agency_id, sha256), data)
    await blobs.put(_lists(agency_id), listing)
    return sha256


async def raw_of(blobs: Blobs, row: Mapping[str, Any]) -> bytes:
    """Bytes of a record row joined with its file: what a person corrected, else what came."""
    if row["corrected"] is not None:
        return bytes(row["corrected"])
    data = await part_of(blobs, row)
    start = row["byte_offset"]
    return data[start : start + row["byte_length"]]


async def part_of(blobs: Blobs, row: Mapping[str, Any]) -> bytes:
    """The whole file a record lies in. Raises NotFoundError blob-missing."""
    agency_id, sha256 = row["agency_id"], row["sha256"]
    if not row["part"] or row["part"] == row["file_name"]:
        return b"".join((await parts_of(blobs, row)).values())
    listing = await _listing(blobs, agency_id, sha256)
    return await blobs.get(_inside(agency_id, sha256), bytes.fromhex(listing[row["part"]]))


async def parts_of(blobs: Blobs, row: Mapping[str, Any]) -> dict[str, bytes]:
    """All parts of the item a record came in. Raises NotFoundError blob-missing."""
    agency_id, sha256 = row["agency_id"], row["sha256"]
    if not await blobs.exists(_lists(agency_id), sha256):
        return {row["file_name"]: await blobs.get(_files(agency_id), sha256)}
    listing = await _listing(blobs, agency_id, sha256)
    return {name: await blobs.get(_inside(agency_id, sha256), bytes.fromhex(sha)) for name, sha in listing.items()}


async def is_kept(blobs: Blobs, agency_id: str, sha256: bytes) -> bool:
    """Whether an item's bytes are there."""
    return await blobs.exists(_files(agency_id), sha256) or await blobs.exists(_lists(agency_id), sha256)


async def remove(blobs: Blobs, agency_id: str, sha256: bytes) -> None:
    """Removes an item's bytes; those that are gone already do not matter. The list goes last, so that nothing is forgotten."""
    if await blobs.exists(_lists(agency_id), sha256):
        for sha in (await _listing(blobs, agency_id, sha256)).values():
            await blobs.delete(_inside(agency_id, sha256), bytes.fromhex(sha))
        await blobs.delete(_lists(agency_id), sha256)
    await blobs.delete(_files(agency_id), sha256)


async def _listing(blobs: Blobs, agency_id: str, sha256: bytes) -> dict[str, str]:
    return msgspec.json.decode(await blobs.get(_lists(agency_id), sha256), type=dict[str, str])


def _files(agency_id: str) -> str:
    return f"{agency_id}-raw"


def _lists(agency_id: str) -> str:
    return f"{agency_id}-raw-lists"


def _inside(agency_id: str, sha256: bytes) -> str:
    """A name as long as the store allows beside an agency's."""
    return f"{agency_id}-{sha256.hex()[:24]}"
