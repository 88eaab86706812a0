"""`header.inf` of a message directory: `key=value` lines in CP949. Both ways."""

import dataclasses
from dataclasses import dataclass
from typing import Final

from adapters.formats.charset import UnencodablePolicy, decode_declared, encode_cp949
from adapters.formats.findings import Finding, FormatError, reject, rejected, repair


@dataclass(frozen=True, slots=True)
class HeaderInf:
    """The keys every message has; `others` keeps further ones in their order."""

    type: str = "send"
    date: str = ""
    sender: str = ""
    receiver: str = ""
    sender_userid: str = ""
    receiver_userid: str = ""
    sender_email: str = ""
    sender_orgname: str = ""
    sender_systemname: str = ""
    administrative_num: str = ""
    others: tuple[tuple[str, str], ...] = ()


KEYS: Final = tuple(field.name for field in dataclasses.fields(HeaderInf) if field.name != "others")


def read_header_inf(data: bytes) -> tuple[HeaderInf, list[Finding]]:
    """Read the file; blank lines and lines starting with `#` or `;` are passed over, keys are taken in any case.

    Returns:
        The values, missing ones empty, and findings: `header-line-unreadable`, `header-key-twice` (the first counts).

    Raises:
        FormatError: `charset-invalid`.

    """
    decoded = decode_declared(data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\0\x1a"), "euc-kr", field="header.inf")
    findings = list(decoded.findings)
    values: dict[str, str] = {}
    for number, line in enumerate(decoded.text.splitlines(), 1):
        if not line.strip() or line.lstrip()[0] in "#;[":
            continue
        key, equals, value = line.partition("=")
        key = key.strip()
        key = key.lower() if key.lower() in KEYS else key
        if not equals:
            findings.append(repair("header-line-unreadable", "header.inf", line=str(number), value=line[:60]))
        elif key in values:
            findings.append(repair("header-key-twice", key, line=str(number)))
        else:
            values[key] = value.strip()
    others = tuple((key, value) for key, value in values.items() if key not in KEYS)
    return HeaderInf(**{key: values.get(key, "") for key in KEYS}, others=others), findings


def write_header_inf(
    header: HeaderInf, *, unencodable: UnencodablePolicy = "reject", report: list[Finding] | None = None
) -> bytes:
    """Write the file, keys in their usual order.

    Raises:
        FormatError: `header-value-invalid` for a line break in a value or a bad key, `char-unencodable`.

    """
    pairs = [*((key, getattr(header, key)) for key in KEYS), *header.others]
    faults = [
        reject("header-value-invalid", key)
        for key, value in pairs
        if len(f"{key}={value}".splitlines()) != 1 or "=" in key or not key.strip() or value != value.strip()
    ]
    data, found = encode_cp949(
        "".join(f"{key}={value}\n" for key, value in pairs), policy=unencodable, field="header.inf"
    )
    if faults or rejected(found):
        raise FormatError([*faults, *found])
    if report is not None:
        report += found
    return data
