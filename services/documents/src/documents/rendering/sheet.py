"""Everything that is printed of a document, as plain values. The translator fills it, the writers read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from documents.domain.signatures import Cell

PDF, ODT, PUBDOC = "pdf", "odt", "xml"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the sender: the last lines of a 결문."""

    zipcode: str = ""
    address: str = ""
    homepage: str = ""
    telephone: str = ""
    fax: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """What stands beside the sender's name. omission: 관인생략 or 서명생략. picture: name among the pictures."""

    omission: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document on paper. body: XHTML subset. pictures: by file name, as the body names them, and the seal's.

    disclosure: the mark 비공개(5); disclosure_code: nine characters of the exchange standard. Days are those of the agency.
    """

    title: str
    body: str
    agency: str
    department: str
    internal: bool
    recipient: str = ""
    recipients: Sequence[str] = ()
    via: str = ""
    sender_names: Sequence[str] = ()
    seal: Seal = field(default_factory=Seal)
    cells: Sequence[Cell] = ()
    helpers: Sequence[Cell] = ()
    number: str = ""
    number_code: str = ""
    enforced_on: date | None = None
    registered_on: date | None = None
    decided_on: date | None = None
    receipt_number: str = ""
    receipt_day: date | None = None
    contact: Contact = field(default_factory=Contact)
    disclosure: str = ""
    disclosure_code: str = ""
    attached: Sequence[str] = ()
    special_number: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
