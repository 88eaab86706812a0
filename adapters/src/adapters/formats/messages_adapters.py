"""Sentences of what adapters find between their format and the canonical messages. Put into one table by `messages`."""

from typing import Final

_CONTRACT: Final = "contract of the canonical messages"
_LAYOUT: Final = "record layout of the adapter"
_PACK: Final = "pack.dtd 2.0"
_LAW16: Final = "행정업무의 운영 및 혁신에 관한 규정 art. 6, 11"

ADAPTER_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "file-empty": ("The file is empty.", "빈 파일입니다.", _LAYOUT),
    "file-unreadable": (
        "{name} cannot be read: {reason}. Check path and rights.",
        "{name}을(를) 읽을 수 없습니다: {reason}. 경로와 권한을 확인하세요.",
        "transport",
    ),
    "layout-unrecognised": (
        "No record of this layout was found in the file.",
        "이 형식의 레코드를 파일에서 찾을 수 없습니다.",
        _LAYOUT,
    ),
    "header-missing": (
        "The opening record is missing; nobody will be told of results.",
        "머리(헤더) 레코드가 없어 처리 결과를 알리지 않습니다.",
        _LAYOUT,
    ),
    "part-missing": (
        "{name} is missing from the message.",
        "전송 묶음에 {name} 파일이 없습니다.",
        "link transport",
    ),
    "part-unlisted": (
        "{name} lies in the message but is not listed; it was left out.",
        "{name} 파일은 목록에 없어 제외했습니다.",
        "link transport",
    ),
    "line-end-missing": (
        "The line end between this record and its neighbour is missing; they were told apart by their length.",
        "앞뒤 레코드 사이에 줄바꿈이 없어 길이로 나누어 읽었습니다.",
        _LAYOUT,
    ),
    "amount-rewritten": (
        "{field}: '{value}' was read as a number; written back it takes the usual form.",
        "{field}: '{value}'을(를) 수로 읽었습니다. 되돌려 보낼 때는 정해진 꼴로 씁니다.",
        _LAYOUT,
    ),
    "amount-sign-mark": (
        "{field}: '{value}' was read as a negative amount.",
        "{field}: '{value}'을(를) 음수 금액으로 읽었습니다.",
        _LAYOUT,
    ),
    "value-not-carried": (
        "{field}: '{value}' has no place in the receiver's format and was left out.",
        "{field}: '{value}'은(는) 받는 쪽 형식에 자리가 없어 뺐습니다.",
        _CONTRACT,
    ),
    "value-unmapped": (
        "{field}: '{value}' has no counterpart in the mapping table.",
        "{field}: '{value}'에 대응하는 값이 변환표에 없습니다.",
        "mapping table of the adapter",
    ),
    "message-not-carried": (
        "A message of kind {kind} cannot be said in this format.",
        "이 형식으로는 {kind} 종류의 전문을 만들 수 없습니다.",
        _CONTRACT,
    ),
    "not-registered": (
        "The document has no registration number yet; it cannot be sent.",
        "아직 등록번호가 없는 문서라 보낼 수 없습니다.",
        _LAW16,
    ),
    "attachment-missing": (
        "The file '{name}' is listed but its bytes are not there.",
        "첨부 '{name}'의 내용이 없습니다.",
        _CONTRACT,
    ),
    "code-missing": (
        "{field}: the 7-character code is missing.",
        "{field}: 7자리 기관코드가 없습니다.",
        "exchange standard, codes",
    ),
    "date-unreadable": (
        "{field}: '{value}' is no date or time; it was left out.",
        "{field}: '{value}'은(는) 날짜나 시각이 아니어서 뺐습니다.",
        _PACK,
    ),
    "pubdoc-missing": (
        "The pack should carry a document but has none.",
        "유통 문서에 있어야 할 공문서(pubdoc)가 없습니다.",
        _PACK,
    ),
    "pack-encrypted": (
        "The pack is encrypted or signed as a whole and cannot be opened here.",
        "전체가 암호화·전자서명된 유통 문서라 열 수 없습니다.",
        "exchange standard, signatures",
    ),
    "approval-missing": (
        "The document has no approval line to print.",
        "결재 정보가 없어 문서를 만들 수 없습니다.",
        "pubdoc.dtd 2.0",
    ),
    "natural-key-unreadable": (
        "The request's key '{value}' does not say where the answer goes.",
        "요청 식별자 '{value}'로는 회신할 곳을 알 수 없습니다.",
        "link transport",
    ),
    "server-id-invalid": (
        "{field}: '{value}' is no server id (3 letters, agency code 7, 2 digits).",
        "{field}: '{value}'은(는) 서버 ID(영문 3, 기관코드 7, 숫자 2) 형식이 아닙니다.",
        "link transport",
    ),
    "line-unreadable": (
        "Line {line} is no message in JSON: {reason}.",
        "{line}번째 줄은 JSON 전문이 아닙니다: {reason}",
        "command line",
    ),
    "decode-timeout": (
        "Reading the file took longer than {seconds} seconds and was stopped.",
        "파일을 읽는 데 {seconds}초가 넘어 중단했습니다.",
        "intake",
    ),
    "decode-crashed": (
        "Reading the file needed more than {megabytes} MB or ended its process.",
        "파일을 읽는 데 {megabytes}MB를 넘게 쓰거나 처리기가 멈추었습니다.",
        "intake",
    ),
    "decode-failed": (
        "The adapter failed on this file ({type}); tell whoever keeps it.",
        "이 파일에서 어댑터 오류({type})가 났습니다. 담당자에게 알리세요.",
        "intake",
    ),
    "encode-failed": (
        "The adapter failed on this message ({type}); it was not sent. Tell whoever keeps the adapter.",
        "이 전문에서 어댑터 오류({type})가 나서 보내지 못했습니다. 담당자에게 알리세요.",
        "delivery",
    ),
    "record-doubled": (
        "A record with the key {natural_key} has been taken in before.",
        "{natural_key} 레코드는 이미 접수되었습니다.",
        "intake",
    ),
    "attachment-not-pdf": (
        "{name} is no PDF; only PDF files are published.",
        "{name}은(는) PDF가 아니어서 공개할 수 없습니다.",
        "원문공개 목록",
    ),
    "personal-data-inside": (
        "Document {document} holds personal data ({kind}, {count}); it is not published before a person has looked at it.",
        "문서 {document}에 개인정보({kind}) {count}건이 있어 담당자가 확인하기 전에는 공개하지 않습니다.",
        "정보공개법 9①6",
    ),
    "personal-data-hidden": (
        "{field} of document {document}: personal data was hidden ({kind}, {count}).",
        "문서 {document}의 {field}에서 개인정보({kind}) {count}건을 가렸습니다.",
        "정보공개법 9①6",
    ),
    "report-outdated": (
        "A newer report of the same matter came before this one; it changed nothing.",
        "같은 대상의 더 새로운 통보가 먼저 와서 이 통보는 반영하지 않았습니다.",
        "intake",
    ),
    "record-kind-unexpected": (
        "A message of kind {type} is not expected from this side.",
        "이쪽에서 올 수 없는 종류({type})의 전문입니다.",
        "intake",
    ),
    "transport-failed": (
        "{folder} could not be reached or written: {error}. It is tried again.",
        "{folder}에 연결하거나 쓸 수 없습니다: {error}. 다시 시도합니다.",
        "delivery",
    ),
    "transport-refused": (
        "The receiving system refused it: {reason}.",
        "받는 시스템이 거부하였습니다: {reason}.",
        "delivery",
    ),
}
