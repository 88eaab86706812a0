"""Rules of uploads: sizes, names, and where arriving bytes belong."""

import unicodedata
from datetime import timedelta

from chassis.errors import ConflictError, InvalidError

PIECE = 2 * 1024 * 1024
"""Bytes that are kept at once: what a broken line costs at most."""
KEPT_FOR = timedelta(days=1)
MOST_AT_A_TIME = 50
MOST_PIECES = 4096
"""Pieces of one upload: four times what the largest one needs on a line that holds."""
HASH_BYTES = 32
_LONGEST_NAME = 240


def file_name(text: str) -> str:
    """A file name without folders and unseen signs, in NFC: other systems compare names byte by byte."""
    name = unicodedata.normalize("NFC", text).replace("\\", "/").rpartition("/")[2]
    name = "".join(each for each in name if each.isprintable()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return (
        name if len(name) <= _LONGEST_NAME else (stem[: _LONGEST_NAME - len(ending) - 1] + dot + ending)[:_LONGEST_NAME]
    )


def check_begin(name: str, size: int, sha256: bytes, limit: int) -> None:
    """Raises InvalidError for what no upload can be opened for. size, limit: bytes."""
    if not name:
        raise InvalidError("attachment-name-missing", field="name")
    if size <= 0:
        raise InvalidError("upload-size-missing", field="size")
    if size > limit:
        raise InvalidError("upload-too-large", params={"limit": limit}, field="size")
    if sha256 and len(sha256) != HASH_BYTES:
        raise InvalidError("upload-hash-invalid", field="sha256")


def check_pieces(kept: int) -> None:
    """Raises ConflictError for one more piece of an upload that comes in crumbs. kept: pieces there are."""
    if kept >= MOST_PIECES:
        raise ConflictError("upload-torn", params={"limit": MOST_PIECES}, field="chunk")


def fresh(data: bytes, offset: int, arrived: int, size: int) -> bytes:
    """What of the bytes from an offset on is new. Raises ConflictError for a hole, InvalidError beyond the end."""
    if offset > arrived:
        raise ConflictError("upload-offset-ahead", params={"offset": offset, "expected": arrived}, field="offset")
    if offset + len(data) > size:
        raise InvalidError("upload-too-long", params={"size": size}, field="chunk")
    return data[arrived - offset :]
