"""Files by their content."""

import io
import zipfile

import pytest

from documents.domain.filetype import UNKNOWN, kind_of
from documents.domain.uploading import file_name


def packed(*names: str, first: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        if first:
            file.writestr("mimetype", first)
        for name in names:
            file.writestr(name, "x" * 10)
    return buffer.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
OOXML = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("head", "name", "media_type"),
    [
        (b"%PDF-1.7", "계획.hwp", "application/pdf"),
        (OLE + "HwpSummaryInformation".encode("utf-16-le"), "a", "application/x-hwp"),
        (OLE, "a.hwp", "application/x-hwp"),
        (OLE, "a", "application/x-ole-storage"),
        (OLE + "Workbook".encode("utf-16-le"), "a.doc", "application/vnd.ms-excel"),
        (packed(first="application/hwp+zip"), "a.zip", "application/hwp+zip"),
        (packed(first="application/vnd.oasis.opendocument.text"), "a.odt", "application/vnd.oasis.opendocument.text"),
        (packed("[Content_Types].xml", "word/document.xml"), "a", f"{OOXML}wordprocessingml.document"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "a.docx", f"{OOXML}spreadsheetml.sheet"),
        (packed("a.txt"), "a.docx", "application/zip"),
        ("한글".encode(), "a", "text/plain"),
        ("한글".encode("cp949"), "a.csv", "text/csv"),
        ("한글".encode()[:5], "a.txt", "text/plain"),
        (b"MZ as two letters of a text", "a.txt", "text/plain"),
        (b"BM as two letters of a text", "a.txt", "text/plain"),
        (bytes(range(256)), "a.txt", UNKNOWN),
        (b"", "a.txt", UNKNOWN),
    ],
)
def test_types(head: bytes, name: str, media_type: str) -> None:
    found = kind_of(head, name)
    assert (found.media_type, found.program) == (media_type, "")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"MZ\x90\0\3\0\0\0", "사진.jpg"),
        (b"\x7fELF\2\1\1\0", "a.pdf"),
        (b"#!/bin/sh\nrm -rf", "읽기.txt"),
        (b"@echo off", "설치.bat"),
        (b"var x", "a.JS"),
        (packed("META-INF/MANIFEST.MF", "a.class"), "a.zip"),
        (bytes.fromhex("4c00000001140200"), "바로가기"),
    ],
)
def test_programs(head: bytes, name: str) -> None:
    assert kind_of(head, name).program


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C:\\폴더\\계획.hwp", "계획.hwp"),
        ("../../etc/passwd", "passwd"),
        (" .. ", ""),
        ("가\u202e나\n.txt", "가나.txt"),
        ("가" * 300 + ".hwp", "가" * 236 + ".hwp"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert file_name(text) == name
