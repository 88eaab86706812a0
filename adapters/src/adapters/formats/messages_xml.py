"""Sentences of findings about XML, document types and body markup. Put into one table by `messages`."""

from typing import Final

_XML: Final = "XML 1.0; hardened reading"
_DTD: Final = "pack.dtd, pubdoc.dtd, exchange.dtd, exchange_mis.dtd"
_MARKUP: Final = "xhtml4pubdoc.mod"

XML_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "xml-malformed": (
        "The XML breaks at line {line}, column {column}: {reason}.",
        "XML이 {line}번째 줄 {column}번째 칸에서 깨져 있습니다: {reason}",
        _XML,
    ),
    "xml-too-large": (
        "The file has {bytes} bytes; at most {limit} are read.",
        "파일이 {bytes}바이트로, 읽을 수 있는 {limit}바이트를 넘습니다.",
        _XML,
    ),
    "xml-empty": ("The file is empty.", "빈 파일입니다.", _XML),
    "xml-entity-forbidden": (
        "The file declares '{name}', which could be an attack. It was not read.",
        "파일에 공격에 쓰일 수 있는 선언 '{name}'이(가) 있어 읽지 않았습니다.",
        _XML,
    ),
    "xml-entity-declared": (
        "The file declares names of ordinary HTML characters; they were understood.",
        "파일에 일반 HTML 문자 이름이 선언되어 있어 그대로 읽었습니다.",
        _XML,
    ),
    "xml-entity-replaced": (
        "HTML names of characters ({names}) were replaced by the characters.",
        "HTML 문자 이름({names})을 해당 글자로 바꾸었습니다.",
        "xhtml-lat1.ent, xhtml-symbol.ent, xhtml-special.ent",
    ),
    "xml-ampersand-bare": (
        "{count} '&' that begin no name were read as plain characters.",
        "이름이 아닌 '&' {count}개를 일반 글자로 읽었습니다.",
        _XML,
    ),
    "xml-control-character": (
        "{count} control characters that XML cannot carry were left out.",
        "XML에 쓸 수 없는 제어 문자 {count}개를 뺐습니다.",
        _XML,
    ),
    "xml-byte-order-mark": (
        "The file begins with a byte order mark ({charset}).",
        "파일 앞에 BOM({charset})이 있습니다.",
        _XML,
    ),
    "xml-leading-blank": (
        "{count} blanks stood before the XML declaration.",
        "XML 선언 앞의 빈칸 {count}자를 건너뛰었습니다.",
        _XML,
    ),
    "char-by-reference": (
        "Characters missing from the receiver's character set were written as numbers (&#…;).",
        "받는 쪽 문자 코드에 없는 글자를 번호(&#…;)로 썼습니다.",
        _XML,
    ),
    "dtd-invalid": (
        "{element}, line {line}: not as the document type demands: {reason}",
        "{element} ({line}번째 줄): 문서형 정의에 맞지 않습니다: {reason}",
        _DTD,
    ),
    "pubdoc-not-a-pubdoc": (
        "The file is no official document but '{element}'.",
        "공문서(pubdoc)가 아니라 '{element}' 파일입니다.",
        _DTD,
    ),
    "element-missing": ("{field} is missing.", "{field} 항목이 없습니다.", _DTD),
    "element-empty": ("{field} is empty.", "{field} 항목이 비어 있습니다.", _DTD),
    "element-order": (
        "{field}: the parts stood in another order: {order}.",
        "{field}: 항목 순서가 정해진 것과 다릅니다: {order}",
        _DTD,
    ),
    "element-unknown": (
        "{field} is unknown and was passed over.",
        "{field}: 알 수 없는 항목이라 건너뛰었습니다.",
        _DTD,
    ),
    "attribute-missing": ("{field} is missing.", "{field} 속성이 없습니다.", _DTD),
    "attribute-unknown": (
        "{field} ('{value}') is of an older format and was passed over.",
        "{field}('{value}'): 옛 형식의 속성이라 건너뛰었습니다.",
        _DTD,
    ),
    "attribute-value-unknown": (
        "{field}: '{value}' is none of the allowed words ({allowed}).",
        "{field}: '{value}'은(는) 허용된 값({allowed})이 아닙니다.",
        _DTD,
    ),
    "xhtml-unclosed": (
        "The body's markup was broken and was repaired ({reason}).",
        "본문의 HTML이 깨져 있어 고쳤습니다({reason}).",
        _MARKUP,
    ),
    "xhtml-renamed": (
        "Body: '{what}' was put in the form the standard has ({count} times).",
        "본문: '{what}' 표시를 표준 표시로 바꾸었습니다({count}회).",
        _MARKUP,
    ),
    "xhtml-unwrapped": (
        "Body: markup '{what}' was taken off, its text kept ({count} times).",
        "본문: '{what}' 표시를 없애고 글은 남겼습니다({count}회).",
        _MARKUP,
    ),
    "xhtml-moved": (
        "Body: '{what}' stood where it may not and was moved ({count} times).",
        "본문: 놓일 수 없는 곳에 있던 '{what}'을(를) 옮겼습니다({count}회).",
        _MARKUP,
    ),
    "xhtml-dropped": (
        "Body: '{what}' was left out with what it held ({count} times).",
        "본문: '{what}'을(를) 내용과 함께 뺐습니다({count}회).",
        _MARKUP,
    ),
    "xhtml-attribute": (
        "Body: setting {what} was left out ({count} times).",
        "본문: {what} 설정을 뺐습니다({count}회).",
        _MARKUP,
    ),
}
