"""The envelope of the exchange standard, `pack.dtd` 2.0, as plain data. Filled by `read`, written by `write`."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

DocType = Literal["send", "fail", "arrive", "receive", "accept", "return", "resend", "req-resend", "normal-resend"]
DOC_TYPES: Final[frozenset[str]] = frozenset(get_args(DocType))
CARRIES_PUBDOC: Final[frozenset[str]] = frozenset({"send", "resend", "normal-resend"})

ROLES: Final[frozenset[str]] = frozenset(
    {
        "pubdoc",
        "attach_body",
        "attach",
        "attach_xml",
        "attach_xsl",
        "seal",
        "sign",
        "logo",
        "symbol",
        "gpki",
        "return",
        "fail",
    }
)

_TYPES: Final = {
    "txt": "text/plain",
    "xml": "text/xml",
    "html": "text/html",
    "htm": "text/html",
    "xsl": "text/xsl",
    "zip": "multipart/x-zip",
    "gz": "multipart/x-gzip",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "wav": "audio/wav",
}


def content_type_for(filename: str) -> str:
    """Give the content type the exchange standard uses for a file name's extension; `application/octet-stream` if none."""
    return _TYPES.get(filename.rpartition(".")[2].lower(), "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Content:
    """One `content` of a pack.

    Attributes:
        role: `content-role`, one of `ROLES`.
        filename: the file's name, plain; Base64 of CP949 on the wire.
        data: the bytes themselves.
        content_type: as on the wire; `content_type_for` gives the usual one.
        charset: `euc-kr` for texts, may be empty.
        transfer_encoding: `base64`, the only one written.

    """

    role: str
    filename: str
    data: bytes
    content_type: str = "application/octet-stream"
    charset: str = ""
    transfer_encoding: str = "base64"


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack: a document on its way (`send`), or an acknowledgement of one.

    Attributes:
        send_orgcode, send_id: 7-character codes of the sending agency and of its sending unit.
        send_name, title, dept, name, send_gw: plain text; Base64 of CP949 on the wire. dept and name are who acted.
        receive_ids: 7-character codes of the receivers, one at least.
        date: `yyyy-MM-dd HH:mm:ss`, Korean time, as on the wire; empty when the sender left none or an invalid one.
        doc_id: the sender's document id, key of every acknowledgement.
        filename: `pack@filename` of the 2019 variant; None when absent.

    """

    send_orgcode: str
    send_id: str
    send_name: str
    receive_ids: tuple[str, ...]
    date: str
    title: str
    doc_id: str
    doc_type: DocType
    dept: str
    name: str
    send_gw: str = ""
    dtd_version: str = "2.0"
    xsl_version: str = "2.0"
    contents: tuple[Content, ...] = ()
    filename: str | None = None

    def content(self, role: str) -> Content | None:
        """Give the first content of the role."""
        return next((content for content in self.contents if content.role == role), None)
