"""Sentences of what reading Hangul documents finds, and of the process that reads them. Put into one table by `messages`."""

from typing import Final

_HWP: Final = "Hwp Document File Formats 5.0 and 3.x (Hancom); KS X 6101"
_LIMITS: Final = "limits of reading"

HWP_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "hwp-kind-unknown": (
        "This is no Hangul document (HWP, HWPX, HWPML).",
        "한글 문서(HWP, HWPX, HWPML)가 아닙니다.",
        _HWP,
    ),
    "hwp-version-old": (
        "The file is of version {version} of Hangul, which is not read. Save it again with a later version.",
        "한글 {version}판 파일은 읽지 못합니다. 이후 판의 한글로 다시 저장하세요.",
        _HWP,
    ),
    "hwp-encrypted": (
        "The document is locked ({protection}). Its text can be read only once whoever locked it saves it without.",
        "암호가 걸린 문서입니다({protection}). 암호를 건 사람이 암호 없이 저장해야 글을 읽을 수 있습니다.",
        _HWP,
    ),
    "hwp-distribution": (
        "This is a distribution document (배포용): its author allows reading, perhaps not copying or printing.",
        "배포용 문서입니다. 읽을 수는 있으나 작성자가 복사나 인쇄를 막았을 수 있습니다.",
        _HWP,
    ),
    "hwp-distribution-locked": (
        "{field} of this distribution document could not be opened.",
        "배포용 문서의 {field} 부분을 열 수 없습니다.",
        _HWP,
    ),
    "hwp-changes-tracked": (
        "The document keeps its changes: the text holds what was struck out, too.",
        "변경 내용을 추적한 문서라 지운 글도 본문에 함께 들어 있습니다.",
        _HWP,
    ),
    "hwp-part-damaged": (
        "{field} is damaged ({reason}); what could be read of it was kept.",
        "{field} 부분이 손상되었습니다({reason}). 읽을 수 있는 데까지 읽었습니다.",
        _HWP,
    ),
    "hwp-unreadable": (
        "Nothing of the document could be read ({reason}). Ask the sender for it again.",
        "문서를 전혀 읽을 수 없습니다({reason}). 보낸 곳에 다시 요청하세요.",
        _HWP,
    ),
    "hwp-preview-only": (
        "The body could not be read; the text is the preview of the first page that the file keeps.",
        "본문을 읽을 수 없어 파일에 들어 있던 첫 쪽 미리보기 글만 보입니다.",
        _HWP,
    ),
    "hwp-preview-differs": (
        "Only {percent} % of the file's own preview is found in the text: something may be missing.",
        "파일의 미리보기 글 가운데 {percent}%만 본문에서 찾았습니다. 빠진 글이 있을 수 있습니다.",
        _HWP,
    ),
    "hwp-no-text": (
        "The document holds no text but {objects} pictures or other objects.",
        "글이 없고 그림 등의 개체만 {objects}개 있는 문서입니다.",
        _HWP,
    ),
    "hwp-blank": ("The document is blank.", "내용이 없는 빈 문서입니다.", _HWP),
    "hwp-too-large": (
        "The document unpacks to more than the limit ({bytes} of {limit} bytes) and was left unread from there.",
        "문서를 풀면 한도를 넘습니다({limit}바이트 가운데 {bytes}바이트). 그 뒤는 읽지 않았습니다.",
        _LIMITS,
    ),
    "hwp-part-too-large": (
        "{field} has more ({reason}) than the limit allows; the rest of it was left unread.",
        "{field} 부분이 한도({reason})를 넘어 나머지는 읽지 않았습니다.",
        _LIMITS,
    ),
    "hwp-character-unknown": (
        "{count} of the older Hangul's own signs have no character today and stand as \ufffd.",
        "옛 한글의 고유 기호 {count}자는 대응하는 글자가 없어 \ufffd로 나타냈습니다.",
        _HWP,
    ),
    "sandbox-timeout": (
        "The file was given up after {seconds} seconds.",
        "{seconds}초가 지나도 끝나지 않아 읽기를 중단하였습니다.",
        _LIMITS,
    ),
    "sandbox-killed": (
        "The file needed more than the {megabytes} MB allowed, or ended the process that read it.",
        "허용된 {megabytes}MB를 넘었거나 읽던 프로세스가 멈추었습니다.",
        _LIMITS,
    ),
    "sandbox-failed": (
        "The file could not be read for a fault of the program ({type}).",
        "프로그램 오류({type})로 파일을 읽지 못하였습니다.",
        _LIMITS,
    ),
}
