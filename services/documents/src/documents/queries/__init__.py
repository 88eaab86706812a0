"""What people see of documents, read under row-level security as one of the caller's tokens."""

from documents.queries.boxes import boxes, counts, page
from documents.queries.cards import Card, attached, card, history, line_version, readings, row
from documents.queries.reader import Reader

__all__ = [
    "Card",
    "Reader",
    "attached",
    "boxes",
    "card",
    "counts",
    "history",
    "line_version",
    "page",
    "readings",
    "row",
]
