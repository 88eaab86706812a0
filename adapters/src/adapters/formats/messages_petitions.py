"""Sentences of findings about petitions of a portal and JSON documents. Put into one table by `messages`."""

from typing import Final

_CONTRACT: Final = "docs/petition-portal.md"
_PRIVACY: Final = "개인정보 보호법 art. 24의2; 민원 처리에 관한 법률 art. 7"

PETITION_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "json-unreadable": (
        "{field} is no JSON in UTF-8: {reason}.",
        "{field}은(는) UTF-8 JSON 문서가 아닙니다: {reason}",
        "RFC 8259",
    ),
    "json-member-invalid": (
        "{field} is not as agreed: {reason}.",
        "{field}의 값이 정해진 형식이 아닙니다: {reason}",
        _CONTRACT,
    ),
    "json-member-twice": (
        "The member {field} stands twice; one of the two would be lost.",
        "{field} 항목이 두 번 나옵니다. 둘 중 하나를 지우고 다시 보내세요.",
        _CONTRACT,
    ),
    "hash-list-unreadable": (
        "{field}, line {line}: no SHA-256 and file name as agreed.",
        "{field} {line}번째 줄이 SHA-256 값과 파일 이름으로 되어 있지 않습니다.",
        _CONTRACT,
    ),
    "file-unlisted": (
        "{name} lies in the folder but is not named in {field}. Name it or leave it out, and send again.",
        "{name} 파일이 {field}에 적혀 있지 않습니다. 적거나 빼고 다시 보내세요.",
        _CONTRACT,
    ),
    "file-hash-differs": (
        "{name} is not the file that was sent: its SHA-256 differs from the list's.",
        "{name} 파일의 SHA-256 값이 목록과 다릅니다. 전송 중에 바뀌었을 수 있습니다.",
        _CONTRACT,
    ),
    "petition-too-large": (
        "The petition with its files is larger than {limit} bytes. Ask for its files another way; the petition waits here.",
        "민원과 첨부의 크기가 {limit}바이트를 넘습니다. 첨부는 다른 방법으로 받으세요. 민원은 여기에 남아 있습니다.",
        _CONTRACT,
    ),
    "petitions-waiting": (
        "{count} messages of petitioners lie safely in their queue and wait for the petitions service.",
        "민원 전문 {count}건이 대기열에 안전하게 보관되어 있으며 민원 서비스를 기다리고 있습니다.",
        _CONTRACT,
    ),
    "personal-data-noticed": (
        "{field}: {count} x {kind}. The text was kept as written; hide it before it is shown to others.",
        "{field}: 개인정보({kind})가 {count}건 있습니다. 글은 그대로 두었으니 다른 사람에게 보이기 전에 가리세요.",
        _PRIVACY,
    ),
}
