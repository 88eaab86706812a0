"""The head of a dBase table: kind of file, number and length of records, code page, columns."""

import struct
from dataclasses import dataclass
from typing import Final

from adapters.formats import charset
from adapters.formats.dbf.codepages import CODE_PAGES
from adapters.formats.findings import Finding, FormatError, loss, reject, repair

VERSIONS: Final = {
    0x03: "dBase III without memo file",
    0x04: "dBase IV without memo file",
    0x05: "dBase V without memo file",
    0x30: "Visual FoxPro",
    0x31: "Visual FoxPro with AutoIncrement field",
    0x32: "Visual FoxPro with field type Varchar or Varbinary",
    0x43: "dBase IV SQL table files, no memo",
    0x7B: "dBase IV with memo file",
    0x83: "dBase III with memo file",
    0x8B: "dBase IV with memo file",
    0xCB: "dBase IV SQL table files, with memo",
    0xF5: "FoxPro with memo file",
}
FOXPRO: Final = frozenset({0x30, 0x31, 0x32, 0xF5})
VISUAL: Final = frozenset({0x30, 0x31, 0x32})
_KINDS: Final = frozenset("CNFDTLMIBY@V0GPQ+O")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. offset: bytes from the start of the record, the deletion flag counted. kind: its letter.

    null_bit, length_bit: bits of the record's null flags (Visual FoxPro); -1: none.
    """

    name: str
    kind: str
    offset: int
    width: int
    decimals: int
    null_bit: int = -1
    length_bit: int = -1


@dataclass(frozen=True, slots=True)
class Table:
    """What the head says. records: as promised. has_memo: of dBase by version, of Visual FoxPro by its flag."""

    version: int
    records: int
    start: int
    record_length: int
    code_page: int
    charset: str
    has_memo: bool
    columns: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def kind(self) -> str:
        """Name of the version."""
        return VERSIONS[self.version]


def read_table(data: bytes, charset_override: str = "") -> Table:
    """Read the head.

    Args:
        data: the file.
        charset_override: codec to believe more than the file's byte.

    Raises:
        FormatError: `dbf-unreadable`: another kind of file, or a head that contradicts itself.

    """
    if len(data) < 33 or data[0] not in VERSIONS:
        raise _refused("version")
    records, start, length = struct.unpack_from("<IHH", data, 4)
    findings: list[Finding] = []
    codec = charset_override or CODE_PAGES.get(data[29], "")
    if not codec:
        codec = "cp949"
        findings.append(repair("dbf-code-page-unknown", offset=29, length=1, byte=f"{data[29]:02X}"))
    if not 33 <= start <= len(data) or not length:
        raise _refused("length")
    columns = _columns(data, start, length, codec, findings)
    memo = bool(data[28] & 2) if data[0] in VISUAL else data[0] in {0x7B, 0x83, 0x8B, 0xCB, 0xF5}
    return Table(data[0], records, start, length, data[29], codec, memo, columns, tuple(findings))


def _columns(data: bytes, start: int, length: int, codec: str, findings: list[Finding]) -> tuple[Column, ...]:
    raws = []
    place = 32
    while place + 32 <= start and data[place] != 0x0D:
        raws.append((place, data[place : place + 32]))
        place += 32
    if not raws or place >= start or data[place] != 0x0D:
        raise _refused("columns")
    # Clipper and FoxPro keep the high byte of a long text's width where others keep decimals.
    widths = [raw[16] for _, raw in raws]
    if sum(widths) + 1 != length:
        long = [raw[16] + 256 * raw[17] if raw[11:12] == b"C" else raw[16] for _, raw in raws]
        widths = long if sum(long) + 1 == length else widths
    total = sum(widths) + 1
    if total > length:
        raise _refused("record")
    if total < length:
        findings.append(repair("dbf-bytes-unnamed", offset=10, length=2, bytes=str(length - total)))
    return _laid_out(raws, widths, data[0] in VISUAL, codec, findings)


def _laid_out(
    raws: list[tuple[int, bytes]], widths: list[int], visual: bool, codec: str, findings: list[Finding]
) -> tuple[Column, ...]:
    columns: list[Column] = []
    names: set[str] = set()
    offset, bit = 1, 0
    for number, ((place, raw), width) in enumerate(zip(raws, widths, strict=True), 1):
        name = _name(raw, place, number, codec, names, findings)
        kind = chr(raw[11])
        if kind not in _KINDS:
            findings.append(loss("dbf-type-unknown", name, offset=place + 11, length=1, type=f"{raw[11]:02X}"))
        length_bit = null_bit = -1
        if visual and kind in "VQ":
            length_bit, bit = bit, bit + 1
        if visual and raw[18] & 2 and kind != "0":
            null_bit, bit = bit, bit + 1
        columns.append(Column(name, kind, offset, width, raw[17], null_bit, length_bit))
        offset += width
    return tuple(columns)


def _name(raw: bytes, place: int, number: int, codec: str, names: set[str], findings: list[Finding]) -> str:
    """Read a name; one that is empty or there already gets the column's number."""
    data = raw[:11].split(b"\0")[0].rstrip()
    if codec == "cp949":
        name, found = charset.decode_cp949(data, base=place)
        # A damaged heading is told, but it forbids no record.
        findings += [Finding(each.code, name, each.offset, each.length, each.params, "loss") for each in found]
    else:
        name = data.decode(codec, "replace")
    if not name or name in names:
        if name:
            findings.append(loss("column-twice", name, offset=place, title=name))
        name = f"{name}#{number}"
    names.add(name)
    return name


def _refused(reason: str) -> FormatError:
    return FormatError([reject("dbf-unreadable", offset=0, reason=reason)])
