"""Sentences of findings about delimited files and dBase tables. Put into one table by `messages`."""

from typing import Final

_CSV: Final = "RFC 4180; layout of the adapter"
_DBF: Final = "dBase III, IV; Visual FoxPro table structure"

RECORD_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "charset-unsupported": (
        "The file is written in {charset}, which is not read. Save it again as UTF-8 or CP949.",
        "{charset}(으)로 저장된 파일은 읽지 못합니다. UTF-8이나 CP949로 다시 저장하세요.",
        _CSV,
    ),
    "quote-unclosed": (
        "{field}: the quote opened at position {offset} is not closed.",
        "{field}: {offset}번째 위치에서 연 따옴표가 닫히지 않았습니다.",
        _CSV,
    ),
    "quote-stray": (
        "{field}: text follows the closing quote at position {offset}; it was read with the cell.",
        "{field}: {offset}번째 위치의 닫는 따옴표 뒤에 글이 있어 같은 칸으로 읽었습니다.",
        _CSV,
    ),
    "cells-missing": (
        "The row has {cells} cells; {expected} are due.",
        "이 줄에는 칸이 {cells}개뿐입니다. {expected}개가 있어야 합니다.",
        _CSV,
    ),
    "cells-extra": (
        "The row has {cells} cells; {expected} are due.",
        "이 줄에는 칸이 {cells}개 있습니다. {expected}개여야 합니다.",
        _CSV,
    ),
    "cell-unwritable": (
        "{field}: '{value}' holds a sign that parts cells or records and cannot be written.",
        "{field}: '{value}'에 칸이나 줄을 나누는 글자가 있어 쓸 수 없습니다.",
        _CSV,
    ),
    "header-unknown": (
        "No heading of the file is known. Check that the first row holds the headings.",
        "아는 제목이 하나도 없습니다. 첫 줄이 제목 줄인지 확인하세요.",
        _CSV,
    ),
    "column-missing": (
        "The column {field} is missing.",
        "{field} 열이 없습니다.",
        _CSV,
    ),
    "column-renamed": (
        "The column {field} is missing; in its place stands '{title}'. Add it to the titles if it means the same.",
        "{field} 열 자리에 '{title}' 열이 있습니다. 같은 뜻이면 제목 목록에 더하세요.",
        _CSV,
    ),
    "column-extra": (
        "The column '{field}' (number {place}) is not known and was left out.",
        "{place}번째 열 '{field}'은(는) 모르는 열이라 제외했습니다.",
        _CSV,
    ),
    "column-twice": (
        "The column {field} is there twice ('{title}').",
        "{field} 열('{title}')이 두 번 나옵니다.",
        _CSV,
    ),
}
