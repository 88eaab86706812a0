"""The public document of the exchange standard, `pubdoc.dtd` 2.0, as plain data. Filled by `read`, written by `write`."""

from dataclasses import dataclass
from typing import Final

APPROVAL_TYPES: Final[tuple[str, ...]] = ("기안", "검토", "협조", "결재", "전결", "대결")
FINAL_ORDER: Final = "final"


@dataclass(frozen=True, slots=True)
class Image:
    """An `img`: `src` names a content of the same pack; lengths carry their unit (`30mm`)."""

    src: str
    alt: str = ""
    width: str | None = None
    height: str | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """One who approved. `order` is `1`…n, for the last `final`; date `YYYY.MM.DD`, time `HH:mm:ss` or None."""

    order: str
    signposition: str
    type: str
    name: str
    date: str
    signimage: Image | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Assist:
    """One who cooperated (협조). Has a signature image or a name, never both in the file: the image wins on writing."""

    order: str
    signposition: str
    type: str
    date: str
    name: str | None = None
    signimage: Image | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """관인: the image, or the mark that it is omitted."""

    omit: bool = False
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """접수번호 and 접수일자 stamped by the receiver."""

    number: str
    date: str
    time: str | None = None


@dataclass(frozen=True, slots=True)
class SendInfo:
    """Foot line of the sender. `publication` is the text (공개), `publication_code` its 9 characters (1NNNNNNNN)."""

    zipcode: str
    address: str
    telephone: str
    fax: str
    publication: str
    publication_code: str
    homeurl: str | None = None
    email: str | None = None
    symbol: Image | None = None
    logo: Image | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """Slogans above and below."""

    head: str | None = None
    foot: str | None = None


@dataclass(frozen=True, slots=True)
class Pubdoc:
    """One document as it is sent.

    Attributes:
        organ: name of the sending agency. recipient: text of 수신; recipient_refer = 수신자 참조. via: 경유.
        content: the body, a string of the XHTML subset (`xhtml.sanitise` makes one). body_separate = 표제부 and 본문부.
        regnumber: as printed, `행정제도과-123`; regnumbercode: department 7 + serial 6.
        enforcedate: 시행일자, `YYYY.MM.DD`.
        attach_titles: 붙임 list; empty = no `attach`.

    """

    organ: str
    recipient: str
    title: str
    content: str
    sendername: str
    approvals: tuple[Approval, ...]
    regnumber: str
    regnumbercode: str
    enforcedate: str
    sendinfo: SendInfo
    recipient_refer: bool = False
    via: str | None = None
    body_separate: bool = False
    seal: Seal | None = None
    assists: tuple[Assist, ...] = ()
    receipt: Receipt | None = None
    campaign: Campaign | None = None
    attach_titles: tuple[str, ...] = ()
