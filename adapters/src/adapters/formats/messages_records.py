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
    "dbf-unreadable": (
        "This is no dBase table, or its head contradicts itself ({reason}). Ask the sender for it again.",
        "dBase(DBF) 파일이 아니거나 머리 부분이 맞지 않습니다({reason}). 보낸 곳에 다시 요청하세요.",
        _DBF,
    ),
    "dbf-code-page-unknown": (
        "The code page {byte} of the table is not known; read as CP949.",
        "표에 적힌 문자 코드 {byte}을(를) 몰라 CP949로 읽었습니다.",
        _DBF,
    ),
    "dbf-bytes-unnamed": (
        "{bytes} bytes of each record belong to no column.",
        "레코드마다 {bytes}바이트가 어느 열에도 속하지 않습니다.",
        _DBF,
    ),
    "dbf-type-unknown": (
        "{field}: columns of type {type} are not known; read as text.",
        "{field}: 열 종류 {type}을(를) 몰라 글자로 읽었습니다.",
        _DBF,
    ),
    "dbf-count-differs": (
        "The head promises {promised} records; {found} are there.",
        "머리에는 레코드가 {promised}건이라고 되어 있으나 실제는 {found}건입니다.",
        _DBF,
    ),
    "dbf-flag-invalid": (
        "The record begins with {byte}, neither kept nor deleted.",
        "레코드가 {byte}(으)로 시작하여 삭제 여부를 알 수 없습니다.",
        _DBF,
    ),
    "dbf-bytes-behind": (
        "{bytes} bytes behind the last record were left out.",
        "마지막 레코드 뒤의 {bytes}바이트를 제외했습니다.",
        _DBF,
    ),
    "dbf-value-invalid": (
        "{field}: '{value}' is no value of type {type}.",
        "{field}: '{value}'은(는) {type} 종류의 값이 아닙니다.",
        _DBF,
    ),
    "dbf-value-does-not-fit": (
        "{field}: '{value}' does not fit {width} bytes of this column.",
        "{field}: '{value}'은(는) {width}바이트인 이 열에 들어가지 않습니다.",
        _DBF,
    ),
    "record-deleted": (
        "Record {record} is marked as deleted; it was kept apart.",
        "{record}번째 레코드는 삭제 표시가 있어 따로 두었습니다.",
        _DBF,
    ),
    "memo-missing": (
        "{field}: the memo file did not come; text number {block} is missing.",
        "{field}: 메모 파일이 오지 않아 {block}번 글이 없습니다.",
        _DBF,
    ),
    "memo-unreadable": (
        "{field}: text number {block} of the memo file cannot be read.",
        "{field}: 메모 파일의 {block}번 글을 읽을 수 없습니다.",
        _DBF,
    ),
}
