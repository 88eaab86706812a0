"""Rules of delegated decision (위임전결, 행정업무규정 10②) as rows: which level decides what, since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.i18n import Reader
from gateway.views.choices import KINDS, LEVELS
from gateway.views.words import STRENGTH, word
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as pb


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule. begins, ends: as a person reads them, ends empty while open. later: it does not hold yet.

    changed: by whom and when; empty for the set-up's.
    """

    rule_id: str
    title: str
    task: str
    kind: str
    level: str
    audit: bool
    strength: str
    begins: str
    ends: str
    later: bool
    changed: str

    def has(self, words: str) -> bool:
        """Whether all words stand somewhere in the row, however they are written."""
        text = f"{self.title} {self.task} {self.kind} {self.level} {self.strength}".casefold()
        return all(each in text for each in words.casefold().split())


def rule_rows(
    reader: Reader, entries: Iterable[pb.DelegationRuleEntry], tasks: Mapping[str, str], today: date, words: str = ""
) -> list[RuleRow]:
    """Rules in the order of the directory, most particular first. tasks: names by code, as far as they are known."""
    rows = (_row(reader, entry, tasks, today) for entry in entries)
    return [row for row in rows if row.has(words)]


def _row(reader: Reader, entry: pb.DelegationRuleEntry, tasks: Mapping[str, str], today: date) -> RuleRow:
    rule = entry.rule
    named = " ".join(part for part in (tasks.get(rule.task_code, ""), rule.task_code) if part)
    proven = rule.decision_strength == actor_pb2.AUTH_STRENGTH_PASSKEY
    return RuleRow(
        rule_id=rule.rule_id,
        title=rule.title,
        task=named or reader.text("Every unit task"),
        kind=word(reader, KINDS, rule.document_kind) or reader.text("Every kind"),
        level=word(reader, LEVELS, rule.level),
        audit=rule.audit,
        strength=word(reader, STRENGTH, rule.decision_strength) if proven else "",
        begins=reader.day(entry.valid_from),
        ends=reader.day(entry.valid_to),
        later=entry.valid_from > today.isoformat(),
        changed=f"{entry.changed_by} {reader.moment(entry.changed_at)}" if entry.changed_by else "",
    )
