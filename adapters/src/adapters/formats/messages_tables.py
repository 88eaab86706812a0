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
    "rows-below": (
        "{rows} rows below the table were left out: '{value}'.",
        "표 아래의 {rows}줄을 뺐습니다: '{value}'",
        _SHEET,
    ),
    "sheet-hidden": (
        "The sheet '{sheet}' is hidden and was left out ({rows} rows).",
        "'{sheet}' 시트는 숨겨져 있어 읽지 않았습니다({rows}줄).",
        _SHEET,
    ),
    "sheet-is-html": (
        "The file is called a spreadsheet but is a web page (HTML). Open it in the spreadsheet program, save it as xlsx and send that.",
        "이름만 엑셀 파일이고 실제로는 웹 페이지(HTML)입니다. 엑셀에서 열어 xlsx로 다시 저장해 보내세요.",
        _SHEET,
    ),
    "sheet-is-text": (
        "The file is called a spreadsheet but is a text whose cells are parted by '{separator}' (CSV). Save it as xlsx and send that.",
        "이름만 엑셀 파일이고 실제로는 '{separator}'(으)로 칸을 나눈 텍스트(CSV)입니다. xlsx로 다시 저장해 보내세요.",
        _SHEET,
    ),
    "cell-digits-lost": (
        "{field}: {value} was kept as a number of 15 digits; the others are lost. Enter it again as text.",
        "{field}: {value}은(는) 15자리까지만 남는 숫자로 저장되어 나머지 자리를 잃었습니다. 텍스트로 다시 입력하세요.",
        _SHEET,
    ),
    "cell-as-number": (
        "{field}: the code '{value}' was kept as a number; read as '{put}'. Zeros in front, if there were any, are lost.",
        "{field}: 코드 '{value}'이(가) 숫자로 저장되어 있어 '{put}'(으)로 읽었습니다. 앞에 0이 있었다면 사라졌습니다.",
        _SHEET,
    ),
    "cell-day-number": (
        "{field}: the day number {value} was read as {put}.",
        "{field}: 날짜 일련번호 {value}을(를) {put}(으)로 읽었습니다.",
        _SHEET,
    ),
    "cell-became-day": (
        "{field}: the program made a day of the cell ({value}). Enter what was meant as text.",
        "{field}: 셀 값이 날짜({value})로 바뀌어 있습니다. 원래 값을 텍스트로 다시 입력하세요.",
        _SHEET,
    ),
    "cell-too-long": (
        "{field}: a cell holds at most {limit} letters.",
        "{field}: 셀 하나에는 {limit}자까지만 쓸 수 있습니다.",
        _SHEET,
    ),
}
