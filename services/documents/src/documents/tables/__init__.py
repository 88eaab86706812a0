"""Documents' own tables as SQLAlchemy Core describes them, for bulk writes. The schema itself is in migrations/."""

from documents.tables.cards import ATTACHED_FILE, DOCUMENT, MANIFEST, PAST_LINE, SEARCH_ENTRY, VERSION
from documents.tables.disclosing import DISCLOSED
from documents.tables.handing import RECORD_RENDITION, RECORD_TRANSFER, RECORD_TRANSFER_ENTRY, TRANSFER_EXTENSION
from documents.tables.metadata import METADATA, TIMER
from documents.tables.readers import AUDIENCE, CIRCULATION, READER_GRANT, READING
from documents.tables.receiving import RECEIPT
from documents.tables.register import REGISTRATION, REGISTRATION_CHANGE, REVIEW, SPECIAL_NUMBER, VERSION_REGISTRATION
from documents.tables.sending import (
    DELIVERY,
    DELIVERY_ACT,
    DELIVERY_EVENT,
    DISPATCH_NOTE,
    RECIPIENT_ADDITION,
    SEAL,
    SEAL_IMPRINT,
)

__all__ = [
    "ATTACHED_FILE",
    "AUDIENCE",
    "CIRCULATION",
    "DELIVERY",
    "DELIVERY_ACT",
    "DELIVERY_EVENT",
    "DISCLOSED",
    "DISPATCH_NOTE",
    "DOCUMENT",
    "MANIFEST",
    "METADATA",
    "PAST_LINE",
    "READER_GRANT",
    "READING",
    "RECEIPT",
    "RECIPIENT_ADDITION",
    "RECORD_RENDITION",
    "RECORD_TRANSFER",
    "RECORD_TRANSFER_ENTRY",
    "REGISTRATION",
    "REGISTRATION_CHANGE",
    "REVIEW",
    "SEAL",
    "SEAL_IMPRINT",
    "SEARCH_ENTRY",
    "SPECIAL_NUMBER",
    "TIMER",
    "TRANSFER_EXTENSION",
    "VERSION",
    "VERSION_REGISTRATION",
]
