"""Sentences of findings about host files: EBCDIC letters, COBOL numbers, records and segments. Put into one table by `messages`."""

from typing import Final

_PAGE: Final = "IBM code pages 933, 1364"
_COBOL: Final = "copybook of the adapter"
_RECORDS: Final = "record descriptor words, layout of the adapter"

EBCDIC_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "shift-unclosed": (
        "{field}: the Korean letters from position {offset} on are not closed (SI is missing). Read to the end.",
        "{field}: {offset}번째 위치부터의 한글 구간이 닫히지 않아(SI 없음) 끝까지 읽었습니다.",
        _PAGE,
    ),
    "shift-stray": (
        "{field}: a shift {byte} at position {offset} opens or closes nothing and was passed over.",
        "{field}: {offset}번째 위치의 전환 문자 {byte}이(가) 짝이 맞지 않아 건너뛰었습니다.",
        _PAGE,
    ),
    "shift-empty": (
        "{field}: Korean letters are opened and closed at position {offset} with nothing between.",
        "{field}: {offset}번째 위치에 빈 한글 구간이 있습니다.",
        _PAGE,
    ),
    "low-values-inside": (
        "{field}: {length} bytes 00 (LOW-VALUES) stand inside the text and were read as blanks.",
        "{field}: 글 안에 00(LOW-VALUES) {length}바이트가 있어 빈칸으로 읽었습니다.",
        _COBOL,
    ),
    "control-inside": (
        "{field}: a control character stands inside the text '{value}'.",
        "{field}: 글 '{value}' 안에 제어 문자가 있습니다.",
        _PAGE,
    ),
    "packed-invalid": (
        "{field}: the bytes {bytes} are no packed number.",
        "{field}: 바이트 {bytes}은(는) 팩 십진수(COMP-3)가 아닙니다.",
        _COBOL,
    ),
    "zoned-invalid": (
        "{field}: the bytes {bytes} are no number in letters.",
        "{field}: 바이트 {bytes}은(는) 숫자(DISPLAY)가 아닙니다.",
        _COBOL,
    ),
    "edited-invalid": (
        "{field}: '{value}' does not follow the picture {picture}.",
        "{field}: '{value}'이(가) 편집 형식 {picture}에 맞지 않습니다.",
        _COBOL,
    ),
    "number-blank": (
        "{field}: blanks stand where a number is due; taken as none.",
        "{field}: 숫자가 있어야 할 곳이 비어 있어 값 없음으로 읽었습니다.",
        _COBOL,
    ),
    "number-does-not-fit": (
        "{field}: {value} does not fit the picture {picture}.",
        "{field}: {value}은(는) {picture}에 들어가지 않습니다.",
        _COBOL,
    ),
    "occurs-out-of-range": (
        "{field} says {value} entries; between {least} and {most} are possible.",
        "{field}에 {value}개라고 되어 있으나 {least}~{most}개만 있을 수 있습니다.",
        _COBOL,
    ),
    "bytes-differ": (
        "{field}: the bytes {bytes} would be written back as {written}; they mean the same.",
        "{field}: 바이트 {bytes}은(는) 다시 쓰면 {written}이(가) 됩니다. 뜻은 같습니다.",
        _COBOL,
    ),
    "record-cut": (
        "The record ends after {bytes} bytes of {expected}; what lay behind is missing.",
        "레코드가 {expected}바이트 가운데 {bytes}바이트에서 끝나 뒷부분이 없습니다.",
        _RECORDS,
    ),
    "record-word-invalid": (
        "The record at position {offset} says {bytes} is its length, which cannot be; it was sought further on.",
        "{offset}번째 위치의 레코드 길이 값 {bytes}이(가) 맞지 않아 그 뒤에서 다음 레코드를 찾았습니다.",
        _RECORDS,
    ),
    "block-word-invalid": (
        "The block at position {offset} says {bytes} is its length, which does not match its records.",
        "{offset}번째 위치의 블록 길이 값 {bytes}이(가) 들어 있는 레코드와 맞지 않습니다.",
        _RECORDS,
    ),
    "segment-unknown": (
        "The record at position {offset} is of the unknown kind '{value}'.",
        "{offset}번째 위치의 레코드 종류 '{value}'을(를) 알 수 없습니다.",
        _RECORDS,
    ),
}
