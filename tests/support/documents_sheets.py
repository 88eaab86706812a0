"""Sheets and pictures for tests of files: a document to be sent, an internal one, a seal."""

import struct
import zlib
from datetime import date

from documents.domain.signatures import Cell
from documents.rendering.sheet import Contact, Seal, Sheet

DAY = date(2026, 5, 6)
BODY = (
    "<p>1. 관련: 도로정책과-98(2026. 4. 20.)호</p>"
    "<p>2. 점검 결과를 <b>다음과</b> 같이 알립니다. H<sub>2</sub>O, m<sup>2</sup>, <i>기울임</i>, <u>밑줄</u></p>"
    "<table><caption>점검 결과</caption><thead><tr><th rowspan='2'>구분</th><th colspan='2'>건수</th></tr>"
    "<tr><th>전년</th><th>금년</th></tr></thead><tbody><tr><td>도로</td><td align='right'>8</td><td>5</td></tr></tbody></table>"
    "<ul><li>첫째</li><li>둘째</li></ul><ol><li>셋째</li></ol>"
    "<p>붙임  1. 계획서 1부.</p><p>2. 명단 1부.  끝.</p>"
).replace("'", '"')


def png(width: int = 8, height: int = 8) -> bytes:
    """A red picture."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = (b"\0" + b"\xc8\x00\x00" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(lines)) + part(b"IEND", b"")


def sheet(**changes) -> Sheet:
    """A decided document to be sent to several."""
    cells = [
        Cell("기안", "행정주사", "", "홍길동", acted_on=DAY, time="10:00:00"),
        Cell("검토", "행정사무관", "", "김철수", opinion=True, acted_on=DAY),
        Cell("전결", "도로정책과장", "전결", "이영희", DAY, acted_on=DAY),
    ]
    values = {
        "title": "도로 점용 실태 점검 결과 알림",
        "body": BODY,
        "agency": "시험시",
        "department": "도로정책과",
        "internal": False,
        "recipient": "수신자 참조",
        "recipients": ["먼시장(민원실장)", "가까운시장"],
        "sender_names": ["시험시장"],
        "seal": Seal(picture="seal.png"),
        "cells": cells,
        "helpers": [Cell("협조", "재정담당관", "", "박민수", acted_on=DAY)],
        "number": "도로정책과-123",
        "number_code": "T310101000123",
        "enforced_on": DAY,
        "registered_on": DAY,
        "decided_on": DAY,
        "contact": Contact(
            "30128", "시험시 시청로 1", "www.example.go.kr", "(044)205-0000", "(044)205-0001", "hong@example.go.kr"
        ),
        "disclosure": "부분공개(5,6)",
        "disclosure_code": "2NNNNYYNN",
        "pictures": {"seal.png": png()},
        **changes,
    }
    return Sheet(**values)
