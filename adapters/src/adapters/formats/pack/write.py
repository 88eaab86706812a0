"""`Pack` to bytes, valid to the letter against `pack.dtd` 2.0: declared EUC-KR, encoded CP949."""

import base64
import re
from typing import Final

from adapters.formats.charset import UnencodablePolicy, encode_cp949
from adapters.formats.findings import Finding, FormatError, loss, reject, repair
from adapters.formats.koreantime import exists
from adapters.formats.pack.model import DOC_TYPES, Content, Pack
from adapters.formats.xmltext import attribute, text, to_bytes

TITLE_SHOWN: Final = 125  # characters a known receiver keeps of a title
_CODE: Final = re.compile(r"[0-9A-Za-z]{7}", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_PROLOG: Final = '<?xml version="1.0" encoding="euc-kr"?>\n<!DOCTYPE pack SYSTEM "pack.dtd">\n'


def write_pack(
    pack: Pack,
    *,
    with_filename: str | None = None,
    unencodable: UnencodablePolicy = "reject",
    report: list[Finding] | None = None,
) -> bytes:
    """Write a pack.

    Args:
        pack: what to write; `pack.filename` is not written.
        with_filename: value of `pack@filename` for receivers of the 2019 variant; the 2.0 document type lacks it.
        unencodable: what to do with characters CP949 lacks in names and title.
        report: takes findings that do not forbid writing (`char-substituted`, `title-long`, `content-role-unknown`).

    Raises:
        FormatError: a code is not 7 letters or digits, the date is not `yyyy-MM-dd HH:mm:ss`, the type is none of the
            nine, or a character cannot be written.

    """
    findings = _faults(pack)
    parts = [_PROLOG, _open(with_filename), "<header>"]
    named = _Names(unencodable, findings)
    parts += [
        f"<send-orgcode>{pack.send_orgcode}</send-orgcode>",
        f"<send-id>{pack.send_id}</send-id>",
        f"<send-name>{named('send-name', pack.send_name)}</send-name>",
        f"<receive-id>{';'.join(pack.receive_ids)}</receive-id>",
        f"<date>{pack.date}</date>",
        f"<title>{named('title', pack.title)}</title>",
        f"<doc-id>{text(pack.doc_id)}</doc-id>",
        f'<doc-type type="{pack.doc_type}" dept="{named("dept", pack.dept)}" name="{named("name", pack.name)}"/>',
        f"<send-gw>{named('send-gw', pack.send_gw)}</send-gw>",
        f"<dtd-version>{text(pack.dtd_version)}</dtd-version>",
        f"<xsl-version>{text(pack.xsl_version)}</xsl-version>",
        "</header>\n<contents>\n",
    ]
    parts += [_content(content, named) for content in pack.contents]
    parts.append("</contents>\n</pack>\n")
    rejects = [finding for finding in findings if finding.severity == "reject"]
    if rejects:
        raise FormatError(rejects)
    if report is not None:
        report += findings
    return to_bytes("".join(parts), report)


class _Names:
    """Base64 of CP949, with what could not be encoded noted on the way."""

    def __init__(self, policy: UnencodablePolicy, findings: list[Finding]) -> None:
        self._policy = policy
        self._findings = findings

    def __call__(self, field: str, value: str) -> str:
        try:
            data = value.encode("cp949")
        except UnicodeEncodeError:
            data, found = encode_cp949(value, policy=self._policy, field=field)
            self._findings += found
        return base64.b64encode(data).decode("ascii")


def _open(filename: str | None) -> str:
    return "<pack>\n" if filename is None else f'<pack filename="{attribute(filename)}">\n'


def _content(content: Content, named: _Names) -> str:
    data = base64.b64encode(content.data).decode("ascii")
    return (
        f'<content content-role="{attribute(content.role)}" content-transfer-encoding="base64"'
        f' filename="{named("filename", content.filename)}" content-type="{attribute(content.content_type)}"'
        f' charset="{attribute(content.charset)}">{data}</content>\n'
    )


def _faults(pack: Pack) -> list[Finding]:
    """Find what the document type cannot refuse but every receiver would."""
    findings = [
        reject("pack-code-invalid", field, value=code)
        for field, code in (
            ("send-orgcode", pack.send_orgcode),
            ("send-id", pack.send_id),
            *(("receive-id", code) for code in pack.receive_ids or ("",)),
        )
        if not _CODE.fullmatch(code)
    ]
    if not _DATE.fullmatch(pack.date) or not exists(re.sub(r"\D", "", pack.date)):
        findings.append(reject("pack-date-invalid", "date", value=pack.date))
    if pack.doc_type not in DOC_TYPES:
        findings.append(reject("pack-type-unknown", "doc-type", value=pack.doc_type))
    if not pack.doc_id:
        findings.append(reject("element-missing", "doc-id"))
    if len(pack.title) > TITLE_SHOWN:
        findings.append(repair("title-long", "title", length=None, count=str(len(pack.title)), shown=str(TITLE_SHOWN)))
    findings += [
        loss("content-encoding-unwritten", content.filename, value=content.transfer_encoding)
        for content in pack.contents
        if content.transfer_encoding != "base64"
    ]
    return findings
