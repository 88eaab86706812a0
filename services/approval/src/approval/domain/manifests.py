"""Edited texts: what a reviewer or the approver changed on the way (행정업무규정 9③④).

Documents stores an edited text beside the one that is under way; it takes effect when its author's own step names it. An edit
may have been made from another edit of the same author, so the way back to what the line stands at is followed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

EDITING = "행정업무규정 9③④"
MOST_EDITS = 1_000


@dataclass(frozen=True, slots=True)
class Edit:
    """A stored text. manifest_hash, base_hash: SHA-256 of it and of what it was made from. author_id: official."""

    manifest_hash: bytes
    base_hash: bytes
    author_id: str
    title: str
    attachment_count: int
    has_recipients: bool


def edit_of(edits: Iterable[Edit], author_id: str, base: bytes, wanted: bytes) -> Edit | None:
    """The author's edit with a hash, when it goes back to a base; None when there is no such."""
    mine = {edit.manifest_hash: edit for edit in edits if edit.author_id == author_id}
    found, way = mine.get(wanted), wanted
    for _ in range(MOST_EDITS):
        step = mine.get(way)
        if step is None:
            return None
        if step.base_hash == base:
            return found
        way = step.base_hash
    return None
