"""What the command line says, in Korean and English: what happened, where, and what to do."""

import os
import re
from collections.abc import Mapping
from typing import Final

from adapters.formats.messages import Language

_SAYINGS: Final[Mapping[str, tuple[str, str]]] = {
    "about": (
        "try an agency's format on files, without the servers",
        "서버 없이 파일로 기관 형식을 시험합니다",
    ),
    "usage": (
        "{reason}\nSee: python -m adapters --help",
        "명령을 이해할 수 없습니다: {reason}\n사용법: python -m adapters --help",
    ),
    "unknown-adapter": (
        "There is no adapter '{name}'.\nKnown: {known}\nGive one of these with --adapter.",
        "'{name}' 어댑터가 없습니다.\n쓸 수 있는 이름: {known}\n--adapter 뒤에 이 가운데 하나를 적으세요.",
    ),
    "manifest": (
        "The adapter '{name}' cannot be loaded: {reason}\nPut its adapter.toml right; python -m adapters catalogue --check lists all.",
        "'{name}' 어댑터를 불러올 수 없습니다: {reason}\nadapter.toml을 고치세요. python -m adapters catalogue --check 로 모두 볼 수 있습니다.",
    ),
    "not-found": (
        "{path} was not found. Check the path.",
        "{path}을(를) 찾을 수 없습니다. 경로를 확인하세요.",
    ),
    "no-permission": (
        "{path} may not be opened. Ask for the right to it.",
        "{path}을(를) 열 권한이 없습니다. 권한을 확인하세요.",
    ),
    "os-error": (
        "{path} cannot be used: {reason}. Check disk and path.",
        "{path}을(를) 쓸 수 없습니다: {reason}. 디스크와 경로를 확인하세요.",
    ),
    "not-utf8": (
        "{path} is not UTF-8 (byte {offset}). Messages are read as UTF-8 JSON lines; save the file as UTF-8.",
        "{path} 파일이 UTF-8이 아닙니다({offset}번째 바이트). 전문은 UTF-8 JSON 줄로 읽습니다. UTF-8로 저장하세요.",
    ),
    "bad-name": (
        "'{name}' cannot be a file's name here. Put the name right in the message.",
        "'{name}'은(는) 파일 이름으로 쓸 수 없습니다. 전문의 이름을 고치세요.",
    ),
    "not-finding": ("No explanation is known for the code {code}.", "{code} 코드의 설명이 없습니다."),
    "accepted": ("accepted", "수용"),
    "rejected": ("rejected", "거부"),
    "record": (
        "record {ordinal}, byte {offset}, {part}: {state}",
        "레코드 {ordinal}, {offset}번째 바이트, {part}: {state}",
    ),
    "not-shown": (
        "({count} more accepted records not shown; --limit shows more)",
        "(수용된 {count}건은 생략. --limit 으로 더 볼 수 있음)",
    ),
    "columns": ("offset|bytes|field|raw|value", "위치|길이|항목|바이트|값"),
    "report": (
        "{name}: in {total} = accepted {accepted} + rejected {rejected}",
        "{name}: 입력 {total} = 수용 {accepted} + 거부 {rejected}",
    ),
    "finding-line": ("  {severity:<7} {code} x{count}: {message}", "  {severity:<7} {code} x{count}: {message}"),
    "wrote": ("{path}", "{path}"),
    "option-lang": ("language of messages", "안내 언어"),
    "option-adapter": ("name in the catalogue", "어댑터 이름"),
    "option-path": ("file or message directory", "파일 또는 전송 디렉터리"),
    "option-limit": ("records to show (rejected ones always)", "보여 줄 레코드 수(거부된 것은 모두)"),
    "option-jsonl": (
        "JSON lines as decode prints them; - for standard input",
        "decode가 출력한 JSON 줄. - 는 표준 입력",
    ),
    "option-out": ("folder to write to", "쓸 폴더"),
    "decode": ("bytes to canonical messages", "원본을 표준 전문으로"),
    "encode": ("canonical messages to bytes", "표준 전문을 원본 형식으로"),
    "check": ("each field beside its bytes, and the loss report", "항목과 바이트를 나란히 보고 손실 보고를 냅니다"),
    "catalogue": ("the table of adapters", "어댑터 목록"),
    "text": ("text of Hangul documents (HWP, HWPX)", "한글 문서(HWP, HWPX)의 글을 꺼냅니다"),
    "text-none": ("{path}: not read", "{path}: 읽지 못함"),
    "text-summary": (
        "{path}: {kind}, {count} characters, completeness {share}",
        "{path}: {kind}, {count}자, 완전도 {share}",
    ),
    "text-no-preview": ("unknown (no preview to compare)", "알 수 없음(견줄 미리보기 없음)"),
    "option-document": ("Hangul document", "한글 문서 파일"),
    "option-numbers": (
        "with the numbers and bullets that are drawn before paragraphs",
        "문단 앞에 자동으로 붙는 번호와 글머리표도 함께",
    ),
    "option-json": ("one JSON line a file", "파일마다 JSON 한 줄"),
    "option-check": ("one problem a line; fails when there is any", "문제를 한 줄에 하나씩. 있으면 실패"),
    "option-write": ("write the table into adapters/README.md", "adapters/README.md 에 목록을 씁니다"),
}


# What the argument parser says, which knows English only.
_COMPLAINTS: Final = (
    (re.compile(r"the following arguments are required: (.*)"), r"필요한 인자가 없습니다: \1"),
    (
        re.compile(r"(?:argument (\S+): )?invalid choice: (\S+) \(choose from (.*)\)"),
        r"\2은(는) 쓸 수 없습니다(가능한 값: \3)",
    ),
    (re.compile(r"unrecognized arguments: (.*)"), r"알 수 없는 인자입니다: \1"),
    (re.compile(r"argument (\S+): expected (?:one|at least one) argument"), r"\1 뒤에 값이 필요합니다"),
    (re.compile(r"argument (\S+): invalid int value: (.*)"), r"\1: \2은(는) 수가 아닙니다"),
)


def complaint(message: str, language: Language) -> str:
    """Give the argument parser's complaint in the reader's language."""
    if language == "en":
        return message
    for pattern, korean in _COMPLAINTS:
        if pattern.fullmatch(message):
            return pattern.sub(korean, message)
    return message


def say(key: str, language: Language, **params: object) -> str:
    """Make a sentence."""
    return _SAYINGS[key][language == "ko"].format(**params)


def language_of(asked: str | None, environment: Mapping[str, str] | None = None) -> Language:
    """Give the reader's language: as asked, else by the locale; Korean when nothing is said."""
    values = os.environ if environment is None else environment
    said = asked or values.get("LC_ALL") or values.get("LC_MESSAGES") or values.get("LANG") or "ko"
    return "ko" if said.lower().startswith("ko") else "en"
