"""Workbooks for tests: xlsx made by XlsxWriter or of parts by hand, xls by xlwt; and what is called one and is none."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter
import xlwt

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINK = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **options}) as book:
        fill(book)
    return out.getvalue()


def xls(fill: Callable[[xlwt.Workbook], None], *, from_1904: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    fill(book)
    book.save(out)
    return out.getvalue()


def table(rows: Sequence[Sequence[object]]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("목록")
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(number, place, value)

    return xlsx(fill)


def old_table(rows: Sequence[Sequence[object]]) -> bytes:
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")

    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("목록")
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write(number, place, value, days)
                else:
                    sheet.write(number, place, value)

    return xls(fill)


def parts(sheet: str, **others: str) -> bytes:
    """Make an xlsx of one sheet by hand. `sheet`: what stands within `sheetData`, or a whole document."""
    whole = sheet if sheet.startswith("<?xml") else f"<worksheet {NAMESPACE}><sheetData>{sheet}</sheetData></worksheet>"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NAMESPACE} {_LINK}><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": whole,
    }
    return packed({name: text.encode() for name, text in {**members, **others}.items()})


def packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def records(data: bytes, kind: int) -> list[int]:
    """Places of the bodies of an xls's records of a kind, found by walking its one stream, which xlwt leaves in order."""
    found, at = [], 512
    while at + 4 <= len(data):
        number, length = struct.unpack_from("<HH", data, at)
        if number == kind:
            found.append(at + 4)
        at += 4 + length
        if number == 0 and length == 0:
            break
    return found


def changed(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]
