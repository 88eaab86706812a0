"""The difference of two versions as a page shows it: unchanged stretches folded, changed words marked."""

from dataclasses import dataclass

from gateway.i18n import Reader, marked
from gateway.views.words import word
from onnara.documents.v1 import documents_service_pb2 as pb

FIELDS = {
    "title": marked("Title"),
    "body": marked("Body"),
    "attachments": marked("Attachments"),
    "recipients": marked("Recipients"),
    "disclosure": marked("Disclosure"),
    "task": marked("Unit task"),
    "retention": marked("Retention"),
    "sender_name": marked("Sender's name"),
    "kind": marked("Kind of document"),
    "seal": marked("Seal or signature"),
    "reading": marked("Who may read"),
    "summary": marked("Summary"),
    "keywords": marked("Keywords"),
}
_KINDS = {
    pb.DiffPiece.KIND_SAME: "same",
    pb.DiffPiece.KIND_REMOVED: "removed",
    pb.DiffPiece.KIND_ADDED: "added",
}
# Unchanged blocks shown around a change.
_AROUND = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, row or value. folded: how many unchanged blocks stand here instead; 0: it is a block itself."""

    field: str
    pieces: list[tuple[str, str]]
    same: bool
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Both versions by number, author and moment, and the blocks."""

    old: str
    new: str
    old_number: int
    new_number: int
    blocks: list[Block]
    changes: int


def difference_view(reader: Reader, answer: pb.CompareVersionsResponse) -> Difference:
    """The difference in the reader's language."""
    old, new = getattr(answer, "from"), answer.to
    blocks = [
        Block(
            word(reader, FIELDS, each.field),
            [(_KINDS.get(piece.kind, "same"), piece.text) for piece in each.pieces],
            same=each.same,
        )
        for each in answer.blocks
    ]
    return Difference(
        old=_made(reader, old),
        new=_made(reader, new),
        old_number=old.number,
        new_number=new.number,
        blocks=_folded(blocks),
        changes=sum(not block.same for block in blocks),
    )


def _made(reader: Reader, version: pb.DocumentVersion) -> str:
    who = " ".join(part for part in (version.author_position, version.author_name) if part)
    return f"{who} · {reader.moment(version.created_at)}"


def _folded(blocks: list[Block]) -> list[Block]:
    """Blocks with long unchanged stretches replaced by their length."""
    near = {at + by for at, block in enumerate(blocks) if not block.same for by in range(-_AROUND, _AROUND + 1)}
    shown: list[Block] = []
    hidden = 0
    for at, block in enumerate(blocks):
        if at in near:
            if hidden:
                shown.append(Block("", [], same=True, folded=hidden))
            hidden = 0
            shown.append(block)
        else:
            hidden += 1
    if hidden:
        shown.append(Block("", [], same=True, folded=hidden))
    return shown
