"""Sentences of findings about SOAP messages and their attachments. Put into one table by `messages`."""

from typing import Final

_SOAP: Final = "SOAP 1.1, SOAP 1.2"
_MIME: Final = "RFC 2046, RFC 2387"

SOAP_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "soap-envelope-missing": (
        "This is no SOAP message: it begins with '{root}'.",
        "SOAP 전문이 아닙니다. '{root}'(으)로 시작합니다.",
        _SOAP,
    ),
    "soap-body-empty": (
        "The SOAP message says nothing: its body is empty.",
        "SOAP 전문의 본문이 비어 있습니다.",
        _SOAP,
    ),
    "soap-too-large": (
        "The SOAP message holds more than {limit} values, or goes deeper than {depth}. It was not read.",
        "SOAP 전문의 값이 {limit}개를 넘거나 깊이가 {depth}을(를) 넘어 읽지 않았습니다.",
        _SOAP,
    ),
    "soap-reference-missing": (
        "A value refers to '{name}', which is not in the message.",
        "값이 가리키는 '{name}'이(가) 전문에 없습니다.",
        _SOAP,
    ),
    "soap-reference-circle": (
        "Values refer to each other in a circle ('{name}').",
        "값이 서로를 돌아가며 가리킵니다('{name}').",
        _SOAP,
    ),
    "soap-attachment-missing": (
        "A value refers to the attachment '{name}', which did not come.",
        "값이 가리키는 첨부 '{name}'이(가) 오지 않았습니다.",
        _SOAP,
    ),
    "soap-attachment-unnamed": (
        "The attachment '{name}' came, but no value names it.",
        "첨부 '{name}'을(를) 가리키는 값이 없습니다.",
        _SOAP,
    ),
    "soap-mixed-content": (
        "Text between the parts of '{field}' was left out.",
        "'{field}' 안의 항목 사이에 있는 글자를 뺐습니다.",
        _SOAP,
    ),
    "soap-operation-unknown": (
        "There is no operation '{operation}'. Known here: {known}.",
        "'{operation}'(이)라는 기능은 없습니다. 쓸 수 있는 기능: {known}.",
        _SOAP,
    ),
    "soap-namespace-unknown": (
        "The call's namespace '{namespace}' is not known here; it has to be '{wanted}'.",
        "전문의 네임스페이스 '{namespace}'은(는) 약속한 것이 아닙니다. '{wanted}'(으)로 보내야 합니다.",
        _SOAP,
    ),
    "soap-fault-inside": (
        "The message is a fault, no call: '{reason}'.",
        "요청이 아니라 오류 전문입니다: '{reason}'.",
        _SOAP,
    ),
    "soap-one-call": (
        "One SOAP message holds one call, not {count}.",
        "SOAP 전문 하나에는 요청 하나만 담습니다({count}건이 주어짐).",
        _SOAP,
    ),
    "soap-value-structured": (
        "{field}: elements stand where one value is meant, or a value where elements are meant.",
        "{field}: 값이 올 자리에 다른 항목이 들어 있거나, 항목이 올 자리에 값이 들어 있습니다.",
        _SOAP,
    ),
    "soap-value-repeated": (
        "{field} came {count} times; it may come once.",
        "{field}: 한 번만 있어야 할 값이 {count}번 들어 있습니다.",
        _SOAP,
    ),
    "soap-value-unexpected": (
        "{field} is not part of the agreed message; it stays in the original only.",
        "{field}: 약속한 전문에 없는 항목입니다. 원본에만 남깁니다.",
        _SOAP,
    ),
    "soap-cell-flattened": (
        "{field}: line ends and tabs in '{value}' became blanks.",
        "{field}: '{value}' 안의 줄바꿈과 탭을 빈칸으로 바꾸었습니다.",
        _SOAP,
    ),
    "soap-content-invalid": (
        "{field}: the content of the file '{name}' is not Base64.",
        "{field}: 첨부 '{name}'의 내용이 Base64가 아닙니다.",
        "RFC 4648",
    ),
    "soap-file-size-differs": (
        "{field}: the file '{name}' is said to have {said} bytes, but {came} came.",
        "{field}: 첨부 '{name}'은(는) {said}바이트라고 적혀 있으나 {came}바이트가 왔습니다.",
        _SOAP,
    ),
    "soap-version-unknown": (
        "'{namespace}' is neither SOAP 1.1 nor SOAP 1.2.",
        "'{namespace}'은(는) SOAP 1.1도 1.2도 아닙니다.",
        _SOAP,
    ),
    "soap-header-demanded": (
        "The header '{name}' has to be understood, but is not known here. Sign in over HTTP, and leave it out or not demanded.",
        "반드시 처리하라고 한 머리글 '{name}'은(는) 여기서 쓰지 않습니다. HTTP로 접속 인증을 하고 이 머리글을 빼거나 mustUnderstand를 끄십시오.",
        "SOAP 1.1, 4.2.3",
    ),
    "soap-sign-in-refused": (
        "Signing in was refused. Check the user and the password of this connection.",
        "접속 인증에 실패했습니다. 이 연계의 사용자와 비밀번호를 확인하십시오.",
        "RFC 7617",
    ),
    "soap-service-unknown": (
        "There is no service at '{path}'. Check the address.",
        "'{path}'에는 서비스가 없습니다. 주소를 확인하십시오.",
        _SOAP,
    ),
    "soap-post-needed": (
        "Calls are sent by POST, not {method}. The description is at ?wsdl.",
        "요청은 {method}이(가) 아니라 POST로 보냅니다. 서비스 설명은 ?wsdl에 있습니다.",
        _SOAP,
    ),
    "soap-body-too-large": (
        "A call may have {limit} MB at most. Send fewer or smaller attachments.",
        "전문은 {limit}MB까지 받습니다. 첨부를 나누거나 줄여서 보내십시오.",
        _SOAP,
    ),
    "soap-call-refused": (
        "The request was not taken: {reason} Nothing was stored; put it right and send it again.",
        "요청을 받지 못했습니다. {reason} 저장된 것이 없으니 고쳐서 다시 보내 주십시오.",
        _SOAP,
    ),
    "soap-not-now": (
        "The request cannot be taken now. Nothing was stored; send it again later.",
        "지금은 요청을 받을 수 없습니다. 저장된 것이 없으니 잠시 뒤에 다시 보내 주십시오.",
        _SOAP,
    ),
    "mime-boundary-missing": (
        "The parts cannot be told apart: the boundary '{boundary}' is not in the message.",
        "구분자 '{boundary}'이(가) 없어 전문을 나눌 수 없습니다.",
        _MIME,
    ),
    "mime-part-malformed": (
        "A part of the message has no end of its header.",
        "전문의 한 부분에 머리글의 끝이 없습니다.",
        _MIME,
    ),
    "mime-too-many-parts": (
        "The message has more than {limit} parts.",
        "전문이 {limit}개를 넘는 부분으로 되어 있습니다.",
        _MIME,
    ),
    "mime-root-missing": ("The message has no parts.", "전문에 내용이 없습니다.", _MIME),
}
