"""What each finding means, for a clerk, in English and Korean, with where the rule comes from. Read at the edge.

A finding travels as code and parameters; `render` makes the sentence in the reader's language. Braces name parameters of
the finding; `field`, `offset` and `length` are always known.
"""

from typing import Final, Literal, NamedTuple

from adapters.formats.findings import Finding
from adapters.formats.messages_adapters import ADAPTER_MESSAGES
from adapters.formats.messages_control import CONTROL_MESSAGES
from adapters.formats.messages_ebcdic import EBCDIC_MESSAGES
from adapters.formats.messages_hwp import HWP_MESSAGES
from adapters.formats.messages_petitions import PETITION_MESSAGES
from adapters.formats.messages_polled import POLLED_MESSAGES
from adapters.formats.messages_records import RECORD_MESSAGES
from adapters.formats.messages_soap import SOAP_MESSAGES
from adapters.formats.messages_tables import TABLE_MESSAGES
from adapters.formats.messages_xml import XML_MESSAGES

Language = Literal["en", "ko"]

_KSX: Final = "KS X 1001; Windows code page 949"
_PACK: Final = "pack.dtd 2.0"
_LINK: Final = "exchange.dtd, exchange_mis.dtd"
_LAYOUT: Final = "record layout of the adapter"


class Message(NamedTuple):
    """Sentence in both languages, and the source of the rule."""

    en: str
    ko: str
    source: str


_CHARSET: Final = {
    "charset-declared-wrong": (
        "The file says its characters are {declared}, but they are {actual}. Read as {actual}.",
        "파일에 적힌 문자 코드는 {declared}이지만 실제는 {actual}입니다. {actual}(으)로 읽었습니다.",
        _KSX,
    ),
    "charset-invalid": (
        "Byte {byte} at position {offset} is no character.",
        "{offset}번째 위치의 바이트 {byte}은(는) 글자가 아닙니다.",
        _KSX,
    ),
    "hangul-cut": (
        "{field}: the last letter was cut in half at position {offset}; the half was left out.",
        "{field}: {offset}번째 위치에서 마지막 글자가 반으로 잘려 있어 그 반쪽을 버렸습니다.",
        _KSX,
    ),
    "hangul-composed": (
        "{field}: the letter '{char}' was written as eight bytes and was joined.",
        "{field}: 8바이트로 풀어 쓴 글자 '{char}'을(를) 한 글자로 모았습니다.",
        "KS X 1001, annex 3",
    ),
    "char-unencodable": (
        "{field}: character '{char}' ({codepoint}, {count} times, first as number {place}) does not exist in the receiver's character set.",
        "{field}: {place}번째 글자 '{char}'({codepoint}, 모두 {count}자)은(는) 받는 쪽 문자 코드에 없습니다.",
        _KSX,
    ),
    "char-substituted": (
        "{field}: character '{char}' ({codepoint}, {count} times, first as number {place}) was replaced by '{put}'.",
        "{field}: {place}번째 글자 '{char}'({codepoint}, 모두 {count}자)을(를) '{put}'(으)로 바꾸었습니다.",
        _KSX,
    ),
    "text-cut": (
        "{field}: {bytes} bytes do not fit into {width}; cut off: '{rest}'.",
        "{field}: {bytes}바이트가 {width}바이트 칸에 들어가지 않아 뒷부분을 잘랐습니다. 잘린 글: '{rest}'",
        _LAYOUT,
    ),
}

_FIXED: Final = {
    "amount-invalid": (
        "{field}: '{value}' is no amount that fits.",
        "{field}: '{value}'은(는) 이 칸에 맞는 금액이 아닙니다.",
        _LAYOUT,
    ),
    "digits-invalid": (
        "{field}: '{value}' is not only digits.",
        "{field}: '{value}'에 숫자가 아닌 글자가 있습니다.",
        _LAYOUT,
    ),
    "date-invalid": (
        "{field}: '{value}' is no date of this form.",
        "{field}: '{value}'은(는) 정해진 형식의 날짜가 아닙니다.",
        _LAYOUT,
    ),
    "code-unknown": (
        "{field}: code '{value}' is not in the list.",
        "{field}: 코드 '{value}'은(는) 목록에 없습니다.",
        _LAYOUT,
    ),
    "pattern-mismatch": (
        "{field}: '{value}' has not the form agreed.",
        "{field}: '{value}'은(는) 정해진 형식이 아닙니다.",
        _LAYOUT,
    ),
    "value-missing": ("{field} is empty but must be filled.", "{field}: 반드시 있어야 할 값이 비어 있습니다.", _LAYOUT),
    "nul-inside": (
        "{field}: text stood behind an end mark (NUL) and was left out: '{rest}'.",
        "{field}: 끝 표시(NUL) 뒤에 있던 글 '{rest}'을(를) 버렸습니다.",
        _LAYOUT,
    ),
    "fullwidth-characters": (
        "{field}: '{value}' held full-width characters; read as plain ones.",
        "{field}: '{value}'의 전각 글자를 반각으로 읽었습니다.",
        _LAYOUT,
    ),
    "line-break-inside": (
        "{field}: a line break inside the text cannot be written; a blank stands for it.",
        "{field}: 글 안의 줄바꿈은 쓸 수 없어 빈칸으로 바꾸었습니다.",
        _LAYOUT,
    ),
    "record-short": (
        "The record at position {offset} has {bytes} bytes instead of {expected}.",
        "{offset}번째 위치의 레코드가 {bytes}바이트로, {expected}바이트보다 짧습니다.",
        _LAYOUT,
    ),
    "record-long": (
        "The record at position {offset} has {bytes} bytes instead of {expected}.",
        "{offset}번째 위치의 레코드가 {bytes}바이트로, {expected}바이트보다 깁니다.",
        _LAYOUT,
    ),
    "record-kind-unknown": (
        "The record at position {offset} begins with the unknown mark '{marker}'.",
        "{offset}번째 위치의 레코드 구분 '{marker}'을(를) 알 수 없습니다.",
        _LAYOUT,
    ),
    "trailer-missing": (
        "The closing record is missing: the file may be cut off.",
        "끝(트레일러) 레코드가 없습니다. 파일이 중간에 끊겼을 수 있습니다.",
        _LAYOUT,
    ),
    "trailer-count-mismatch": (
        "The closing record promises {promised} records; {found} were found.",
        "끝 레코드에는 {promised}건이라고 되어 있으나 실제로는 {found}건입니다.",
        _LAYOUT,
    ),
    "trailer-sum-mismatch": (
        "The closing record promises a sum of {promised}; the records add up to {found}.",
        "끝 레코드의 합계는 {promised}이나 실제 합계는 {found}입니다.",
        _LAYOUT,
    ),
}

_PACKS: Final = {
    "pack-not-a-pack": (
        "The file is no exchange pack but '{element}'.",
        "유통 문서(pack)가 아니라 '{element}' 파일입니다.",
        _PACK,
    ),
    "pack-code-invalid": (
        "{field}: '{value}' is no agency code of 7 letters or digits.",
        "{field}: '{value}'은(는) 7자리 기관코드가 아닙니다.",
        _PACK,
    ),
    "pack-date-invalid": (
        "The date '{value}' of the pack is empty or wrong; the time of arrival counts.",
        "유통 문서의 날짜 '{value}'이(가) 없거나 잘못되어 도착한 시각을 씁니다.",
        _PACK,
    ),
    "date-form": ("The date was written as '{value}'.", "날짜가 '{value}' 형식으로 적혀 있어 고쳐 읽었습니다.", _PACK),
    "pack-type-unknown": (
        "'{value}' is none of the nine kinds of pack.",
        "'{value}'은(는) 정해진 문서 종류(9종)가 아닙니다.",
        _PACK,
    ),
    "pack-file-name-invalid": (
        "'{name}' is no pack file name (sender 7, receiver 7, time 14, number 2, .xml).",
        "'{name}'은(는) 유통 파일 이름 규칙(발신 7, 수신 7, 일시 14, 순번 2, .xml)에 맞지 않습니다.",
        "exchange standard, file names",
    ),
    "title-long": (
        "The title has {count} characters; a known receiver shows only {shown}.",
        "제목이 {count}자입니다. {shown}자까지만 보이는 수신 시스템이 있습니다.",
        "observed at a receiver",
    ),
    "charset-empty": ("{field}: the character set is not given.", "{field}: 문자 코드가 적혀 있지 않습니다.", _PACK),
    "base64-missing": (
        "{field} was not Base64 as agreed and was taken as it stands.",
        "{field}: Base64로 되어 있지 않아 그대로 읽었습니다.",
        _PACK,
    ),
    "base64-invalid": ("{field} is damaged Base64.", "{field}: Base64 내용이 깨져 있습니다.", _PACK),
    "content-encoding-unwritten": (
        "{field}: encoding '{value}' is not written; Base64 stands for it.",
        "{field}: 전송 인코딩 '{value}' 대신 Base64로 썼습니다.",
        _PACK,
    ),
}

_LINKS: Final = {
    "exchange-not-an-exchange": (
        "The file is no link message (EXCHANGE) but '{element}'.",
        "연계 문서(EXCHANGE)가 아니라 '{element}' 파일입니다.",
        _LINK,
    ),
    "generation-by-content": (
        "The file names {declared}, but by its content it is {found}.",
        "파일에는 {declared}(으)로 되어 있으나 내용은 {found} 형식입니다.",
        _LINK,
    ),
    "generation-lacks": (
        "{field} has no place in the older link format and was left out.",
        "{field}: 옛 연계 형식에는 없는 항목이라 뺐습니다.",
        "exchange.dtd",
    ),
    "header-line-unreadable": (
        "header.inf, line {line}: no 'name=value': '{value}'.",
        "header.inf {line}번째 줄이 '이름=값' 형식이 아닙니다: '{value}'",
        "link transport",
    ),
    "header-key-twice": (
        "header.inf, line {line}: {field} stands twice; the first counts.",
        "header.inf {line}번째 줄: {field}이(가) 두 번 나와 첫 번째 값을 씁니다.",
        "link transport",
    ),
    "header-value-invalid": (
        "header.inf: the value of {field} cannot be written on one line.",
        "header.inf: {field} 값을 한 줄에 쓸 수 없습니다.",
        "link transport",
    ),
    "message-name-invalid": (
        "'{name}' is no name of a message directory.",
        "'{name}'은(는) 연계 디렉터리 이름 규칙에 맞지 않습니다.",
        "link transport",
    ),
}

MESSAGES: Final[dict[str, Message]] = {
    code: Message(*texts)
    for code, texts in (
        _CHARSET
        | _FIXED
        | _PACKS
        | _LINKS
        | XML_MESSAGES
        | ADAPTER_MESSAGES
        | CONTROL_MESSAGES
        | EBCDIC_MESSAGES
        | HWP_MESSAGES
        | SOAP_MESSAGES
        | TABLE_MESSAGES
        | RECORD_MESSAGES
        | POLLED_MESSAGES
        | PETITION_MESSAGES
    ).items()
}


class _Params(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def render(finding: Finding, language: Language = "ko") -> str:
    """Make the sentence of a finding in the reader's language. Raises KeyError for a code that is not in the table."""
    message = MESSAGES[finding.code]
    values = _Params(finding.params)
    values["field"] = finding.field or ("파일" if language == "ko" else "File")
    values["offset"] = "" if finding.offset is None else f"{finding.offset:,}"
    values["length"] = "" if finding.length is None else str(finding.length)
    return (message.ko if language == "ko" else message.en).format_map(values)
