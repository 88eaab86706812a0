"""What people see of documents, read under row-level security as one of the caller's tokens."""

from documents.queries.boxes import counts, page
from documents.queries.cards import Card, attached, card, history, line_version, readings, row
from documents.queries.files import held
from documents.queries.reader import Reader
from documents.queries.searches import search

__all__ = [
    "Card",
    "Reader",
    "attached",
    "card",
    "counts",
    "held",
    "history",
    "line_version",
    "page",
    "readings",
    "row",
    "search",
]
