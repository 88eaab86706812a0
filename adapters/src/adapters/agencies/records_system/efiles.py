"""E-files of a transfer: names on disk, their list, their bytes by SHA-256. Both ways.

Year 4 + registration 13 + `00` + `N`.pdf for the body, + 2-digit place + `S`.extension for attachments.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from adapters.agencies.records_system import histories, keys
from adapters.formats.findings import Finding, reject
from adapters.formats.rows import Values
from onnara.exchange.v1.records_pb2 import RecordComponent, RecordItem

_LONGEST: Final = 10
# What an extension that is none of plain letters and digits becomes on disk; the list keeps the real one.
_OTHER: Final = "bin"


def disk_name(record: RecordItem, part: RecordComponent) -> str:
    """The name an e-file bears."""
    if part.role == RecordComponent.ROLE_BODY:
        return f"{keys.record_key(record)}00N.pdf"
    said = part.extension.lower()
    plain = said if said.isascii() and said.isalnum() and len(said) <= _LONGEST else _OTHER
    return f"{keys.record_key(record)}{part.sequence:02}S.{plain}"


def write(
    record: RecordItem, blobs: Mapping[bytes, bytes], files: dict[str, bytes], findings: list[Finding]
) -> list[Values]:
    """Add a record's e-files to the transmission; answers the rows that list them."""
    rows: list[Values] = []
    for part in record.components:
        name, data = disk_name(record, part), blobs.get(part.file.sha256)
        if data is None:
            findings.append(reject("attachment-missing", "components", name=part.file.name or name))
            continue
        if name in files:
            findings.append(reject("part-listed-twice", name, name=name))
            continue
        files[name] = data
        rows.append(_row(record, part, name, data))
    return rows


def _row(record: RecordItem, part: RecordComponent, name: str, data: bytes) -> Values:
    return {
        "연도": f"{record.registration.year:04}",
        "등록번호": keys.number_of(record),
        "파일순번": f"{part.sequence:02}",
        "구분": "N" if part.role == RecordComponent.ROLE_BODY else "S",
        "파일명": name,
        "원래파일명": part.file.name,
        "받은파일명": part.file.raw_name,
        "표제": part.file.title,
        "확장자": part.extension,
        "매체형식": part.file.media_type,
        "소프트웨어": part.software,
        "크기": str(len(data)),
        "해시": hashlib.sha256(data).hexdigest(),
    }


def read(
    values: Values,
    records: Mapping[str, RecordItem],
    parts: Mapping[str, bytes],
    blobs: dict[bytes, bytes],
    findings: list[Finding],
) -> str:
    """Put an e-file to its component; answers its name on disk, empty when there is none."""
    record = histories.found(values, dict(records), findings)
    name = str(values.get("파일명") or "")
    data = parts.get(name)
    if record is None or data is None:
        if data is None:
            findings.append(reject("part-missing", name or "파일명", name=name))
        return name
    part = next((each for each in record.components if f"{each.sequence:02}" == values.get("파일순번")), None)
    digest = hashlib.sha256(data)
    if part is None or digest.hexdigest() != str(values.get("해시") or "").lower():
        findings.append(reject("efile-differs", name, name=name))
        return name
    blobs[digest.digest()] = data
    part.extension, part.software = str(values.get("확장자") or ""), str(values.get("소프트웨어") or "")
    file = part.file
    file.sha256, file.size = digest.digest(), len(data)
    file.name, file.raw_name = str(values.get("원래파일명") or ""), str(values.get("받은파일명") or "")
    file.title, file.media_type = str(values.get("표제") or ""), str(values.get("매체형식") or "")
    return name
