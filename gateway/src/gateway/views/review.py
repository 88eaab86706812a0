"""The yearly look at disclosure and retention as rows of a list, on the page and as CSV (시행령 24, 시행규칙 14)."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.i18n import Reader, marked
from gateway.views.words import RETENTION, disclosure, word
from onnara.documents.v1 import documents_service_pb2 as pb

# As addresses name them.
KINDS: Final = {
    "disclosure": (pb.REVIEW_KIND_DISCLOSURE, marked("Disclosure")),
    "retention": (pb.REVIEW_KIND_RETENTION, marked("Retention")),
}
# Signs by which spreadsheets tell a formula from a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One document to look at. reviewed: moment of this year's look, empty while it is to do."""

    document_id: str
    number: str
    title: str
    department: str
    disclosure: str
    why_closed: str
    retention: str
    until: str
    reviewed: str


def review_row(reader: Reader, entry: pb.ReviewEntry) -> ReviewRow:
    """An entry as a person reads it."""
    return ReviewRow(
        document_id=entry.document.document_id,
        number=entry.document.registration.text,
        title=entry.document.title,
        department=entry.document.department_name,
        disclosure=disclosure(reader, entry.disclosure),
        why_closed=entry.disclosure.reason,
        retention=word(reader, RETENTION, entry.retention),
        until=reader.day(entry.retained_until),
        reviewed=reader.moment(entry.reviewed_at),
    )


def headings(reader: Reader) -> list[str]:
    """Names of the columns of the file."""
    names = (
        marked("Number"), marked("Title"), marked("Department in charge"), marked("Disclosure"),
        marked("Reason for not opening"), marked("Retention"), marked("Kept until"), marked("Looked at"),
    )  # fmt: skip
    return [reader.text(name) for name in names]


def as_csv(rows: Iterable[ReviewRow]) -> str:
    """Lines of the file (RFC 4180); no value can pose as a formula of a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        values = (
            row.number, row.title, row.department, row.disclosure, row.why_closed, row.retention, row.until, row.reviewed,
        )  # fmt: skip
        writer.writerow([f"'{value}" if value.startswith(_FORMULA) else value for value in values])
    return out.getvalue()
