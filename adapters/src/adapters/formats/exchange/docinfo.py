"""DOC_INFO of the On-nara generation (`exchange_mis.dtd`): what the document card shall hold, as plain data."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Coded:
    """A code in an attribute beside a text; `extra` is PUBLICATION@reason or READINGLIMIT@date."""

    code: str
    text: str = ""
    extra: str | None = None


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task the document belongs to. type: bis, pjt, org."""

    type: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that shows a direct order."""

    order: str
    filename: str
    display_name: str


@dataclass(frozen=True, slots=True)
class DirectOrder:
    """DIRECT: an order given in person, and the files that show it."""

    title: str
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRef:
    """An instruction, document or memo the document rests on. type: doc, enf for a document, empty for the others."""

    title: str
    id: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """SOURCES: why the document exists."""

    direct: DirectOrder | None = None
    instructions: tuple[SourceRef, ...] = ()
    documents: tuple[SourceRef, ...] = ()
    memos: tuple[SourceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ToKms:
    """TO_KMS: send to the knowledge system, under which map."""

    send: bool
    map_code: str
    map_name: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """RECEIPT: a receiver inside the government's directory."""

    org: str
    org_code: str
    dept: str | None = None
    dept_code: str | None = None
    refer: bool = False


@dataclass(frozen=True, slots=True)
class External:
    """EXTERNAL: a receiver with another system. Codes: org_type GOV PUB CIVIL, system_type A O, flow_type DRT01–03."""

    org: str
    org_code: str
    dept: str | None = None
    dept_code: str | None = None
    refer: bool = False
    org_type: Coded = Coded("GOV")
    system_type: Coded = Coded("A")
    flow_type: Coded = Coded("DRT01")


@dataclass(frozen=True, slots=True)
class OtherOrg:
    """PUBLICORG (third element SYMBOL) or PRIVATEORG (third element FAX)."""

    kind: Literal["public", "private"]
    org: str
    dept: str | None = None
    symbol: str | None = None
    fax: str | None = None


@dataclass(frozen=True, slots=True)
class Civilian:
    """CIVILIAN: a person who receives the document."""

    name: str
    tel: str | None = None
    fax: str | None = None
    post: str | None = None
    address: str | None = None


ExternalReceiver = External | OtherOrg | Civilian


@dataclass(frozen=True, slots=True)
class Enforcement:
    """ENFORCEMENT: in whose name it is sent, and to whom."""

    send_name: str
    receipts: tuple[Receipt, ...] = ()
    external: tuple[ExternalReceiver, ...] = ()


@dataclass(frozen=True, slots=True)
class DocInfo:
    """DOC_INFO; None = the element is absent."""

    summary: str | None = None
    doc_kind: Coded | None = None
    reading_bound: Coded | None = None
    reading_limit: Coded | None = None
    publication: Coded | None = None
    task_cards: tuple[TaskCard, ...] = ()
    sources: Sources | None = None
    to_kms: ToKms | None = None
    to_unikms: bool | None = None
    send_org_name: str | None = None
    enforcement: Enforcement | None = None
