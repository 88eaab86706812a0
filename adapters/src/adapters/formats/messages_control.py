"""Sentences of findings about control files, the files they list, and hand-overs to records systems. Put into one table by `messages`."""

from typing import Final

_RECORDS: Final = "lists of the records system"
_SEAL: Final = "공공기록물법 시행령 32④"
_LIST: Final = "control file of a transmission (exchange.xml)"

CONTROL_MESSAGES: Final[dict[str, tuple[str, str, str]]] = {
    "part-shorter": (
        "{name} holds {found} bytes; the list says {promised}. The end is missing: nothing of it was used.",
        "{name} 파일은 목록에 {promised}바이트로 적혀 있으나 {found}바이트만 왔습니다. 끝이 잘렸으므로 쓰지 않았습니다.",
        _LIST,
    ),
    "part-longer": (
        "{name} holds {found} bytes; the list says {promised}. Nothing of it was used.",
        "{name} 파일은 목록에 {promised}바이트로 적혀 있으나 {found}바이트가 왔습니다. 쓰지 않았습니다.",
        _LIST,
    ),
    "part-size-unknown": (
        "The list does not say how many bytes {name} has; nothing of it was used.",
        "목록에 {name} 파일의 크기가 없어 쓰지 않았습니다.",
        _LIST,
    ),
    "part-listed-twice": (
        "{name} stands twice in the list; nothing of it was used.",
        "{name} 파일이 목록에 두 번 있어 쓰지 않았습니다.",
        _LIST,
    ),
    "control-value-unused": (
        "{field}: the control file says '{value}', which is not used.",
        "{field}: 전송 목록 파일의 '{value}' 값은 쓰지 않았습니다.",
        _LIST,
    ),
    "efile-differs": (
        "{name} is not the file that the list describes: its SHA-256 or its place differs.",
        "{name} 파일이 목록의 해시값 또는 순번과 다릅니다.",
        _RECORDS,
    ),
    "seal-differs": (
        "The seal {value} is not that of what is handed over.",
        "봉인값 {value}이(가) 넘기는 내용과 다릅니다.",
        _SEAL,
    ),
    "answer-contradictory": (
        "{field}: '{value}' contradicts the answer {job}.",
        "{field}: '{value}' 값이 회신 {job}와(과) 맞지 않습니다.",
        _RECORDS,
    ),
    "tasks-not-taken": (
        "Unit tasks and classes are not taken from transmissions. Enter the task in the directory by hand.",
        "단위과제와 분류는 연계 파일로 등록되지 않습니다. 조직도에서 직접 등록하세요.",
        _RECORDS,
    ),
    "records-field-missing": (
        "The records system misses a value.",
        "기록관리시스템이 필수 값이 빠졌다고 알렸습니다.",
        _RECORDS,
    ),
    "records-field-invalid": (
        "The records system cannot use a value.",
        "기록관리시스템이 쓸 수 없는 값이라고 알렸습니다.",
        _RECORDS,
    ),
    "records-key-unknown": (
        "{field}: no record or file has the key '{value}'.",
        "{field}: '{value}' 키의 기록물이 없습니다.",
        _RECORDS,
    ),
    "records-number-twice": (
        "The records system has this number already.",
        "기록관리시스템에 이미 있는 등록번호입니다.",
        _RECORDS,
    ),
    "records-file-missing": (
        "The records system misses an e-file.",
        "기록관리시스템이 전자파일이 없다고 알렸습니다.",
        _RECORDS,
    ),
    "records-file-damaged": (
        "The records system cannot open an e-file.",
        "기록관리시스템이 전자파일을 열 수 없다고 알렸습니다.",
        _RECORDS,
    ),
}
