"""What the operators' commands say, English and Korean."""

from collections.abc import Mapping
from typing import Final

from adapters.formats.messages import Language

_SAYINGS: Final[Mapping[str, tuple[str, str]]] = {
    "about": ("what came in: quarantine, replay, accounts", "들어온 자료: 격리, 재처리, 대사"),
    "quarantine": ("records that wait for a person", "사람의 처리를 기다리는 격리 레코드"),
    "list": ("list them, oldest file first", "오래된 파일부터 보여 줍니다"),
    "show": ("one record: bytes beside fields, and why", "레코드 하나: 바이트와 항목, 격리 사유"),
    "fix": ("put other bytes or values in place and send on", "바이트나 값을 바꾸어 다시 보냅니다"),
    "replay": (
        "read the quarantine again by the mapping in force; shows what would change unless --apply",
        "현행 매핑으로 격리 레코드를 다시 읽습니다. --apply 가 없으면 달라질 것만 보여 줍니다",
    ),
    "reconcile": (
        "in = delivered + quarantined + in flight, by endpoint and period",
        "연계별·기간별로 입력 = 처리 완료 + 격리 + 처리 중 인지 대사합니다",
    ),
    "option-endpoint": ("only this endpoint", "이 연계만"),
    "option-file": ("only this file (name or id)", "이 파일만(이름 또는 식별자)"),
    "option-stage": ("only what was refused there", "이 단계에서 거부된 것만"),
    "option-code": ("only with this reason", "이 사유가 있는 것만"),
    "option-limit": ("at most so many records", "최대 건수"),
    "option-json": ("one JSON line each", "한 줄에 JSON 하나씩"),
    "option-lang": ("language of messages", "안내 언어"),
    "option-record": ("id of the record", "레코드 식별자"),
    "option-bytes": ("file with the corrected bytes of the record", "고친 레코드 바이트가 든 파일"),
    "option-set": (
        "FIELD=VALUE, put in the field's place; may be given again, and without a record for all in scope",
        "항목=값. 항목 자리에 넣습니다. 여러 번 쓸 수 있고, 레코드를 적지 않으면 범위 전체에 적용합니다",
    ),
    "option-note": ("why; kept with each record", "사유. 레코드마다 남습니다"),
    "option-apply": ("do it; without, only what would become of it is shown", "실제로 합니다. 없으면 결과만 미리 보여 줍니다"),
    "option-from": ("files taken from this day on (YYYY-MM-DD)", "이 날부터 받은 파일(YYYY-MM-DD)"),
    "option-to": ("files taken up to and with this day", "이 날까지 받은 파일"),
    "option-check-bytes": ("also see whether the raw bytes of each file are there", "파일마다 원본 바이트가 있는지도 확인합니다"),
    "no-record": ("no record {record} in quarantine", "격리 중인 레코드 {record}이(가) 없습니다"),
    "nothing": ("nothing in quarantine", "격리 중인 레코드가 없습니다"),
    "count": ("{count} records in quarantine", "격리 레코드 {count}건"),
    "line": (
        "{record}  {endpoint}  {file}  record {ordinal}, byte {offset}  {stage}",
        "{record}  {endpoint}  {file}  레코드 {ordinal}, {offset}번째 바이트  {stage}",
    ),
    "changed": (
        "{record}  {file} record {ordinal}: goes on by mapping {version}",
        "{record}  {file} 레코드 {ordinal}: 매핑 {version}(으)로 처리됩니다",
    ),
    "left": (
        "{record}  {file} record {ordinal}: stays in quarantine",
        "{record}  {file} 레코드 {ordinal}: 계속 격리됩니다",
    ),
    "field": ("    {path}: {before!r} -> {after!r}", "    {path}: {before!r} -> {after!r}"),
    "would": (
        "{on} of {count} would go on, {left} stay; nothing was changed (--apply --note WHY does it)",
        "{count}건 가운데 {on}건이 처리되고 {left}건은 남습니다. 아직 아무것도 바꾸지 않았습니다(--apply --note 사유)",
    ),
    "done": ("{on} of {count} went on, {left} stay in quarantine", "{count}건 가운데 {on}건을 보내고 {left}건은 격리에 남았습니다"),
    "note-missing": ("--note WHY is needed: it is kept with each record", "--note 사유 가 필요합니다. 레코드마다 남습니다"),
    "fix-what": ("give a file of bytes, or --set FIELD=VALUE", "바이트 파일이나 --set 항목=값 을 적으세요"),
    "set-malformed": ("'{value}' is not FIELD=VALUE", "'{value}'은(는) 항목=값 꼴이 아닙니다"),
    "set-unknown": (
        "{record}: no field {field}; there are {known}",
        "{record}: {field} 항목이 없습니다. 있는 항목: {known}",
    ),
    "set-binary": (
        "{record}: {field} is not text; give the record's bytes in a file",
        "{record}: {field}은(는) 글이 아닙니다. 레코드 바이트를 파일로 적으세요",
    ),
    "set-too-long": ("{record}: {value!r} does not fit into {field} ({width} bytes)", "{record}: {value!r}은(는) {field}({width}바이트)에 들어가지 않습니다"),
    "not-found": ("{path} cannot be read: {reason}", "{path}을(를) 읽을 수 없습니다: {reason}"),
    "gone": ("{record}: {code}", "{record}: {code}"),
    "day-invalid": ("'{value}' is no day (YYYY-MM-DD)", "'{value}'은(는) 날짜(YYYY-MM-DD)가 아닙니다"),
    "account": (
        "{endpoint}: in {received} = delivered {delivered} + quarantined {quarantined} + in flight {in_flight}",
        "{endpoint}: 입력 {received} = 처리 완료 {delivered} + 격리 {quarantined} + 처리 중 {in_flight}",
    ),
    "account-beside": (
        "  files {files}; waiting for the broker {waiting}, parked {parked}; out: sent {sent}, waiting {going}, failed {failed}",
        "  파일 {files}개. 전송 대기 {waiting}, 보류 {parked}. 내보냄: 완료 {sent}, 대기 {going}, 실패 {failed}",
    ),
    "even": ("accounts are even", "대사 결과 차이가 없습니다"),
    "differs": ("{count} differences", "차이 {count}건"),
    "difference-records": (
        "  {file}: {expected} records were found, {found} are accounted for",
        "  {file}: 레코드 {expected}건을 읽었는데 {found}건만 남아 있습니다",
    ),
    "difference-states": (
        "  {file}: {expected} records, but their states add up to {found}",
        "  {file}: 레코드 {expected}건인데 상태별 합은 {found}건입니다",
    ),
    "difference-journal": (
        "  {file}: {expected} acknowledgements were handed on, the journal holds {found}",
        "  {file}: 통지 {expected}건을 넘겼는데 기록부에는 {found}건이 있습니다",
    ),
    "difference-message": (
        "  message {file} belongs to no record",
        "  전문 {file}에 해당하는 레코드가 없습니다",
    ),
    "difference-document": (
        "  {file}: {expected} records are delivered, {found} of them name their document",
        "  {file}: 처리 완료 {expected}건 가운데 문서가 적힌 것은 {found}건입니다",
    ),
    "difference-bytes": ("  {file}: the raw bytes are gone", "  {file}: 원본 바이트가 없습니다"),
}  # fmt: skip


def say(key: str, language: Language, **params: object) -> str:
    """Make a sentence."""
    return _SAYINGS[key][language == "ko"].format(**params)
