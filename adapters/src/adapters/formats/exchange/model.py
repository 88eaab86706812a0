"""The link between business systems and the document system (`exchange.xml`), both generations, as plain data.

Filled by `read`, written by `write`. Words such as 기안 or 재검토 stay raw here; `vocabulary` lists what is allowed.
`docinfo` holds what only the On-nara generation has.
"""

from dataclasses import dataclass

from adapters.formats.exchange.docinfo import DocInfo
from adapters.formats.exchange.vocabulary import Generation


@dataclass(frozen=True, slots=True)
class Party:
    """One end of the link. server_id: 3 letters + agency code 7 + 2 digits (`ADM131000040`)."""

    server_id: str
    user_id: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An official as the legacy system knows them."""

    user_id: str
    name: str
    position: str
    dept: str
    org: str


@dataclass(frozen=True, slots=True)
class Line:
    """One step. level: `1`…n or `final`; type and result: `vocabulary.SANCTION_TYPES` / `SANCTION_RESULTS`.

    date: `yyyy-MM-dd HH:mm:ss` of the decision, empty while there is none. comment: opinion, None if no element.
    """

    level: str
    type: str
    result: str
    person: Person
    date: str = ""
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Modification:
    """MODIFICATION_FLAG or BODY_MODIFICATIONFLAG: may it be changed, and what was (None = no element)."""

    modifiable: bool = False
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """TO_DOCUMENT_SYSTEM: a business system asks for approval. notification: all, final (or none in On-nara)."""

    notification: str = "all"
    lines: tuple[Line, ...] = ()
    modification: Modification = Modification()
    body_modification: Modification | None = None
    doc_info: DocInfo | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """TO_ADMINISTRATIVE_SYSTEM: the state of the approval, a snapshot of all lines.

    doc_number: as printed (`고도화팀-2699`); doc_number_code: department 7 + serial 6. status: 진행 or 완료.
    """

    doc_number: str
    doc_number_code: str
    status: str
    lines: tuple[Line, ...]
    modification: Modification = Modification()
    body_modification: Modification | None = None
    body_text: str | None = None


@dataclass(frozen=True, slots=True)
class Addendum:
    """A key and a value beside the standard, such as name `DCTDOCID`."""

    name: str
    text: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """BODY: text inline, or the name of a file in the same directory (On-nara generation only)."""

    text: str = ""
    filename: str | None = None
    desc: str | None = None


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file of the message directory. filename: name on disk (`attach_…`); text: the name shown to people."""

    filename: str
    text: str = ""
    desc: str | None = None


@dataclass(frozen=True, slots=True)
class Attachments:
    """ATTACHMENTS: data XML and style sheet of a business form, then plain attachments."""

    files: tuple[FileRef, ...] = ()
    xml_file: FileRef | None = None
    xsl_file: FileRef | None = None


@dataclass(frozen=True, slots=True)
class FormInfo:
    """FORM_INFO: the form's keys in the business system."""

    sys_id: str
    biz_id: str
    seq: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """One value of a form; row and column are both set for a field of a repeated block."""

    name: str
    value: str
    modifiable: bool = False
    row: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class AdministrativeInfo:
    """ADMINISTRATIVE_INFO of the On-nara generation: form file, keys, values."""

    form_file: FileRef | None = None
    form_info: FormInfo | None = None
    form_data: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One `exchange.xml`.

    Attributes:
        title, body: text as written. created_date: `yyyy-MM-dd HH:mm:ss`.
        attach_count: ATTACHNUM as written, digits.
        administrative_num: the business system's key (`APP` + 17 digits); with sender.server_id the natural key.
        direction: a `Request` or a `Result`.
        generation: which DTD the file was read by; `write_exchange` is told again.

    """

    sender: Party
    receiver: Party
    title: str
    created_date: str
    attach_count: str
    administrative_num: str
    direction: Request | Result
    addenda: tuple[Addendum, ...] = ()
    body: Body | None = None
    attachments: Attachments | None = None
    administrative_info: AdministrativeInfo | None = None
    generation: Generation = "exchange_mis"
