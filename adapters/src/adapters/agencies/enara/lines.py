"""LINES of an `exchange.xml` and the steps of an approval line, both ways, by the manifest's tables of words.

type and result of each generation <-> role x mode x outcome. Where two words mean one thing, the word that was read is
kept beside the document (`enara.line.N`), so that a request goes back as it came.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.canonical import moments
from adapters.formats.exchange import Generation, Line, Person
from adapters.formats.exchange.vocabulary import DEFAULT_RESULT, FINAL_LEVEL
from adapters.formats.findings import Finding, loss
from adapters.formats.koreantime import spoken
from onnara.exchange.v1 import official_document_pb2 as words
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, StepMode, StepOutcome, StepRole

Meaning = tuple[int, int]
PENDING: Final = StepOutcome.STEP_OUTCOME_PENDING
_SKIPPED: Final = StepOutcome.STEP_OUTCOME_SKIPPED


class Lines:
    """The tables of words made ready."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._types: dict[str, Meaning] = {}
        self._type_words: dict[Generation, dict[Meaning, str]] = {"exchange": {}, "exchange_mis": {}}
        for entry in tables["type"]:
            meaning = words.StepRole.Value(entry["role"]), words.StepMode.Value(entry["mode"])
            self._types.setdefault(entry["word"], meaning)
            self._type_words["exchange_mis"].setdefault(meaning, entry["word"])
            self._type_words["exchange"].setdefault(meaning, entry.get("older", entry["word"]))
        self._results: dict[Generation, list[tuple[str, int, int, int]]] = {
            generation: [_result(entry) for entry in tables["result"][generation]]
            for generation in ("exchange", "exchange_mis")
        }

    def meaning(self, line_type: str, result: str, generation: Generation) -> tuple[int, int, int] | None:
        """Give role, mode, outcome of a pair of words; None when one is unknown."""
        known = self._types.get(line_type)
        found = [entry for entry in self._results[generation] if entry[0] == result]
        if known is None or not found:
            return None
        role, mode = known
        _, outcome, wanted_role, wanted_mode = next((each for each in reversed(found) if each[2] == role), found[0])
        if wanted_mode:
            return wanted_role or role, wanted_mode, outcome
        if outcome == _SKIPPED and role == StepRole.STEP_ROLE_REVIEW:
            mode = StepMode.STEP_MODE_SKIPPED
        return role, mode, outcome

    def word_pair(self, step: ApprovalStep, generation: Generation, findings: list[Finding]) -> tuple[str, str]:
        """Give the words of a step; what they cannot say is noted."""
        types = self._type_words[generation]
        line_type = types.get((step.role, step.mode)) or self._by_role(step.role)
        result = self._result_word(step, generation)
        if self.meaning(line_type, result, generation) != (step.role, step.mode, step.outcome):
            value = f"{StepMode.Name(step.mode)} {StepOutcome.Name(step.outcome)}"
            findings.append(loss("value-not-carried", f"steps.{step.order}", value=value))
        return line_type, result

    def _result_word(self, step: ApprovalStep, generation: Generation) -> str:
        fits = [entry for entry in self._results[generation] if entry[1] == step.outcome]
        exact = [entry for entry in fits if entry[3] == step.mode and entry[3]]
        by_role = [entry for entry in fits if entry[2] == step.role and not entry[3]]
        plain = [entry for entry in fits if not entry[3]]
        return next(iter((*exact, *by_role, *plain)), (DEFAULT_RESULT[generation],))[0]

    def _by_role(self, role: int) -> str:
        return next((word for word, meaning in self._types.items() if meaning[0] == role), "협조")

    def read(
        self, lines: Sequence[Line], generation: Generation, system: str, findings: list[Finding]
    ) -> tuple[list[ApprovalStep], dict[str, str]]:
        """Give the steps in order of LEVEL, the final one last, and what their words leave open."""
        steps, kept = [], {}
        for number, line in enumerate(sorted(lines, key=_level), 1):
            step = self._step(number, line, generation, system, findings)
            steps.append(step)
            if self.word_pair(step, generation, []) != (line.type, line.result):
                kept[f"enara.line.{number}"] = f"{line.type}/{line.result}"
            if line.level != level_of(number, len(lines)):
                kept[f"enara.level.{number}"] = line.level
        return steps, kept

    def _step(
        self, number: int, line: Line, generation: Generation, system: str, findings: list[Finding]
    ) -> ApprovalStep:
        role, mode, outcome = self.meaning(line.type, line.result, generation) or (0, 0, 0)
        step = ApprovalStep(order=number, role=role, mode=mode, outcome=outcome)  # type: ignore[arg-type]
        person = line.person
        step.person.external_id, step.person.name = person.user_id, person.name
        step.person.position, step.person.department = person.position, person.dept
        step.person.organisation = person.org
        if outcome == _SKIPPED:
            step.skip_reason = line.comment or ""
        else:
            step.opinion = line.comment or ""
        if outcome != PENDING:
            step.asserted_by = system
        if line.date:
            moment = moments.read_stamp(line.date)
            if moment is None:
                findings.append(loss("date-unreadable", f"LINE[{number}]/DATE", value=line.date))
            else:
                step.acted_at.FromDatetime(moment)
        return step

    def write(
        self, steps: Iterable[ApprovalStep], generation: Generation, kept: Mapping[str, str], findings: list[Finding]
    ) -> tuple[Line, ...]:
        """Give the lines of steps; what follows the decision has no line."""
        ordered = sorted(steps, key=lambda step: step.order)
        path = [step for step in ordered if step.role != StepRole.STEP_ROLE_AFTER]
        return tuple(
            self._line(number, len(path), step, generation, kept, findings) for number, step in enumerate(path, 1)
        )

    def _line(
        self,
        number: int,
        count: int,
        step: ApprovalStep,
        generation: Generation,
        kept: Mapping[str, str],
        findings: list[Finding],
    ) -> Line:
        noticed: list[Finding] = []
        line_type, result = self.word_pair(step, generation, noticed)
        raw_type, slash, raw_result = kept.get(f"enara.line.{number}", "").partition("/")
        if slash and self.meaning(raw_type, raw_result, generation) == (step.role, step.mode, step.outcome):
            line_type, result, noticed = raw_type, raw_result, []
        findings += noticed
        person = step.acted_by if step.HasField("acted_by") else step.person
        if step.HasField("acted_by"):
            # 대결: the line names who acted; it has no place for the one who was away.
            findings.append(loss("value-not-carried", f"steps.{step.order}.person.name", value=step.person.name))
        return Line(
            level=kept.get(f"enara.level.{number}") or level_of(number, count),
            type=line_type,
            result=result,
            person=Person(person.external_id, person.name, person.position, person.department, person.organisation),
            date=spoken(moments.korean(step.acted_at)) if step.HasField("acted_at") else "",
            comment=step.opinion or step.skip_reason or None,
        )


def asker_of(steps: Sequence[ApprovalStep]) -> str:
    """Give the user who asked, by the id the asking system knows: who drafts, else the first of the line who has one."""
    ordered = sorted(steps, key=lambda step: (step.role != StepRole.STEP_ROLE_DRAFT, step.order))
    return next((step.person.external_id for step in ordered if step.person.external_id), "")


def level_of(number: int, count: int) -> str:
    """Give LEVEL: 1, 2, … and `final` for the last."""
    return FINAL_LEVEL if number == count else str(number)


def _level(line: Line) -> tuple[int, int]:
    level = line.level.strip()
    return (1, 0) if level == FINAL_LEVEL else (0, int(level) if level.isdecimal() else 1_000)


def _result(entry: Mapping[str, Any]) -> tuple[str, int, int, int]:
    return (
        entry["word"],
        words.StepOutcome.Value(entry["outcome"]),
        words.StepRole.Value(entry["role"]) if "role" in entry else 0,
        words.StepMode.Value(entry["mode"]) if "mode" in entry else 0,
    )
