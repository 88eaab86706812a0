"""The documented JSON documents of the petition portal, version 1, as strict types: what they hold and nothing else.

Names of members are those of the canonical messages (`onnara.exchange.v1.petitions`); the same types are read and written.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from adapters.agencies.petition_portal.words import Channel, Closing, Kind, Notice, Role, Status, Supplement

NUMBER: Final = r"^[0-9A-Z]{1,8}(-[0-9A-Z]{1,12}){0,3}\Z"
CONFIRMS: Final = r"^[0-9A-Z]{1,8}(-[0-9A-Z]{1,12}){0,3}(/supplement/[1-9][0-9]{0,5}|/withdrawal)?\Z"
# Signs that move nothing and show nothing, but end texts in databases and files; tab and line breaks stay.
_CLEAN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z"
LONGEST_TEXT: Final = 200_000

Number = Annotated[str, msgspec.Meta(pattern=NUMBER)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{7}\Z")]
Line = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Filled = Annotated[
    str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*\Z")
]
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT, pattern=_CLEAN)]
Body = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT, pattern=_CLEAN)]
Day = Annotated[str, msgspec.Meta(pattern=r"^(|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))\Z")]
Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9 -]{0,200}\Z")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Version = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
# A name of a file beside the document: no folders, nothing hidden, nothing a list of hashes could not hold on one line.
FileName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*\Z")
]


class Strict(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """What all parts have in common: nothing unknown is let pass."""


class Unit(Strict, frozen=True, kw_only=True):
    """An agency or department."""

    code: Code
    name: Line = ""


class File(Strict, frozen=True, kw_only=True):
    """A file beside the document; its hash stands in the list of hashes."""

    name: FileName
    media_type: Line = ""
    title: Line = ""


class Person(Strict, frozen=True, kw_only=True):
    """A petitioner."""

    name: Filled
    role: Role = ""
    organisation: bool = False
    born_on: Day = ""
    zipcode: Line = ""
    address: Line = ""
    telephone: Line = ""
    email: Line = ""


class _Document(Strict, frozen=True, kw_only=True, tag_field="message"):
    format: Literal["onnara-petition"]
    version: Literal[1]
    portal_number: Number


class Petition(_Document, frozen=True, kw_only=True, tag="petition"):
    """신청."""

    kind: Kind = ""
    channel: Channel = ""
    petitioners: Annotated[tuple[Person, ...], msgspec.Meta(min_length=1, max_length=10_000)]
    title: Filled
    body: Body
    attachments: Annotated[tuple[File, ...], msgspec.Meta(max_length=50)] = ()
    wanted_agency: Unit | None = None
    applied_at: Moment
    notifications: Annotated[tuple[Notice, ...], msgspec.Meta(max_length=7)] = ()
    public: bool = False
    identity_protected: bool = False
    repeats: Annotated[tuple[Number, ...], msgspec.Meta(max_length=100)] = ()
    place: Line = ""
    matter_code: Line = ""
    households: Count = 0
    transferred_from: Unit | None = None
    transfers: Count = 0
    preliminary: bool = False


class Supplementing(_Document, frozen=True, kw_only=True, tag="supplement"):
    """보완, 변경, 이의, 만족도."""

    serial: Annotated[int, msgspec.Meta(ge=1, le=999_999)]
    kind: Supplement
    answers_version: Version = 0
    text: Text = ""
    attachments: Annotated[tuple[File, ...], msgspec.Meta(max_length=50)] = ()
    representatives: Annotated[tuple[Person, ...], msgspec.Meta(max_length=3)] = ()
    satisfaction: Annotated[int, msgspec.Meta(ge=0, le=5)] = 0
    happened_at: Moment


class Withdrawal(_Document, frozen=True, kw_only=True, tag="withdrawal"):
    """취하."""

    reason: Text = ""
    happened_at: Moment


class StatusReport(_Document, frozen=True, kw_only=True, tag="status"):
    """What became of a petition."""

    report: Version
    status: Status
    happened_at: Moment
    agency: Unit | None = None
    department: Unit | None = None
    officer: Line = ""
    officer_telephone: Line = ""
    agency_number: Line = ""
    kind: Kind = ""
    due_at: Moment | None = None
    reason_code: Word = ""
    reason: Text = ""
    transferred_to: Unit | None = None
    transfers: Count = 0
    wanted: Text = ""
    wanted_until: Moment | None = None
    answer: Text = ""
    attachments: Annotated[tuple[File, ...], msgspec.Meta(max_length=50)] = ()
    remedies: Text = ""
    closing: Closing = ""
    merged_into: Annotated[str, msgspec.Meta(pattern=rf"^\Z|{NUMBER}")] = ""
    part: Count = 0
    parts: Count = 0
    confirms: Annotated[str, msgspec.Meta(pattern=rf"^\Z|{CONFIRMS}")] = ""


Document = Petition | Supplementing | Withdrawal | StatusReport
DECODER: Final = msgspec.json.Decoder(Document, strict=True)
ENCODER: Final = msgspec.json.Encoder()
