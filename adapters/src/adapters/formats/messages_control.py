"""Sentences of findings about control files and the files they list. Put into one table by `messages`."""

from typing import Final

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
}
