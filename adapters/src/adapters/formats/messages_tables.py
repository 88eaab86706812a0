"""Sentences of findings of the table engine and of spreadsheets. Put into one table by `messages`."""

from typing import Final

_LAYOUT: Final = "record layout of the adapter"
_SHEET: Final = "ISO/IEC 29500; layout of the adapter"
_LISTED: Final = "control file of the adapter's items"

TABLE_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "blanks-trimmed": (
        "{field}: blanks around '{value}' were left out.",
        "{field}: '{value}'의 앞뒤 빈칸을 뺐습니다.",
        _LAYOUT,
    ),
    "zeros-restored": (
        "{field}: '{value}' had lost its leading zeros and was read as '{put}'.",
        "{field}: '{value}'은(는) 앞의 0이 빠져 있어 '{put}'(으)로 읽었습니다.",
        _LAYOUT,
    ),
    "part-unknown": (
        "{name}: the name of the file does not say what it holds; it was not read.",
        "{name}: 파일 이름으로는 내용을 알 수 없어 읽지 않았습니다.",
        _LISTED,
    ),
    "part-size-differs": (
        "{name} should have {promised} bytes; {found} are there.",
        "{name} 파일은 {promised}바이트여야 하나 {found}바이트입니다.",
        _LISTED,
    ),
    "control-unreadable": (
        "The control file {name} cannot be read: {reason}.",
        "전송 목록 파일 {name}을(를) 읽을 수 없습니다: {reason}",
        _LISTED,
    ),
    "sheet-unreadable": (
        "This is no spreadsheet that can be read ({reason}).",
        "읽을 수 있는 엑셀 파일이 아닙니다({reason}).",
        _SHEET,
    ),
    "sheet-locked": (
        "The spreadsheet is locked by a password. Ask the sender for an open one.",
        "암호가 걸린 엑셀 파일입니다. 암호를 푼 파일을 요청하세요.",
        _SHEET,
    ),
    "sheet-too-large": (
        "The spreadsheet unpacks to more than {limit}; it was not opened.",
        "엑셀 파일을 풀면 {limit}보다 커서 열지 않았습니다.",
        _SHEET,
    ),
    "sheet-unread": (
        "The sheet '{sheet}' has none of the known headings and was left out ({rows} rows).",
        "'{sheet}' 시트에는 아는 제목이 없어 읽지 않았습니다({rows}줄).",
        _SHEET,
    ),
    "cell-error": (
        "{field}: the cell holds the error {value}.",
        "{field}: 셀에 오류 값({value})이 있습니다.",
        _SHEET,
    ),
    "cell-merged": (
        "{field}: taken from the merged cell above.",
        "{field}: 위쪽 병합 셀의 값을 썼습니다.",
        _SHEET,
    ),
    "rows-above": (
        "{rows} rows above the headings were left out: '{value}'.",
        "제목 줄 위의 {rows}줄을 뺐습니다: '{value}'",
        _SHEET,
    ),
}
