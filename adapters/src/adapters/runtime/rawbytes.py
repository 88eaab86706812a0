"""The bytes of a record as they came, from the blob store: a part of a file, or of one file of a directory."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chassis.blobs import Blobs


async def raw_of(blobs: Blobs, row: Mapping[str, Any]) -> bytes:
    """Bytes of a record row joined with its file: what a person corrected, else what came."""
    if row["corrected"] is not None:
        return bytes(row["corrected"])
    data = await part_of(blobs, row)
    start = row["byte_offset"]
    return data[start : start + row["byte_length"]]


async def part_of(blobs: Blobs, row: Mapping[str, Any]) -> bytes:
    """The whole file a record lies in."""
    data = await blobs.get(row["agency_id"], row["sha256"])
    if row["part"] and row["part"] != row["file_name"]:
        listing = msgspec.json.decode(data, type=dict[str, str])
        return await blobs.get(row["agency_id"], bytes.fromhex(listing[row["part"]]))
    return data


async def parts_of(blobs: Blobs, row: Mapping[str, Any]) -> dict[str, bytes]:
    """All parts of the item a record came in."""
    data = await blobs.get(row["agency_id"], row["sha256"])
    if not row["part"] or row["part"] == row["file_name"]:
        return {row["file_name"]: data}
    listing = msgspec.json.decode(data, type=dict[str, str])
    return {name: await blobs.get(row["agency_id"], bytes.fromhex(sha)) for name, sha in listing.items()}
