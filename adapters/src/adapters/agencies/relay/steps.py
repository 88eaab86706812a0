"""Approvals and assists of a pubdoc and the steps of an approval line, both ways, by the manifest's table of words.

Written: draft, review and decision become `approval` (order 1…n, the last `final`), cooperation and audit `assist`.
Only what was done is printed; what follows the decision (후열, 통보) is not part of a 결문.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.canonical import moments
from adapters.formats.findings import Finding, loss
from adapters.formats.pubdoc import Approval, Assist
from onnara.exchange.v1 import official_document_pb2 as words
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, StepMode, StepOutcome, StepRole

_ASSISTING: Final = frozenset({StepRole.STEP_ROLE_COOPERATE, StepRole.STEP_ROLE_AUDIT})
_DONE: Final = frozenset(
    {
        StepOutcome.STEP_OUTCOME_SUBMITTED,
        StepOutcome.STEP_OUTCOME_APPROVED,
        StepOutcome.STEP_OUTCOME_AGREED,
        StepOutcome.STEP_OUTCOME_DISAGREED,
        StepOutcome.STEP_OUTCOME_PASSED,
        StepOutcome.STEP_OUTCOME_SKIPPED,
    }
)
_DELEGATED: Final = StepRole.STEP_ROLE_DECIDE, StepMode.STEP_MODE_DELEGATED
FINAL: Final = "final"
MIDNIGHT: Final = dt.time()


class Steps:
    """The table of words made ready."""

    def __init__(self, entries: Sequence[Mapping[str, Any]]) -> None:
        self._read: dict[str, tuple[int, int, int]] = {}
        self._write: dict[tuple[int, int], str] = {}
        for entry in entries:
            role, mode = words.StepRole.Value(entry["role"]), words.StepMode.Value(entry["mode"])
            self._read.setdefault(entry["word"], (role, mode, words.StepOutcome.Value(entry["outcome"])))
            self._write.setdefault((role, mode), entry["word"])

    def read(
        self, approvals: Sequence[Approval], assists: Sequence[Assist], system: str, findings: list[Finding]
    ) -> list[ApprovalStep]:
        """Give the steps: those before the decision, those who cooperated, the decision. All asserted by `system`."""
        before = [each for each in approvals if each.order != FINAL]
        last = [each for each in approvals if each.order == FINAL] or before[-1:]
        before = [each for each in before if each not in last]
        return [
            self._step(number, each, system, findings)
            for number, each in enumerate((*_in_order(before), *_in_order(assists), *last), 1)
        ]

    def _step(self, number: int, cell: Approval | Assist, system: str, findings: list[Finding]) -> ApprovalStep:
        where = "assist" if isinstance(cell, Assist) else "approval"
        known = self._read.get(cell.type.strip())
        if known is None:
            findings.append(loss("value-unmapped", f"{where}/type", value=cell.type))
            known = self._read["협조" if where == "assist" else "결재" if cell.order == FINAL else "검토"]
        step = ApprovalStep(order=number, role=known[0], mode=known[1], outcome=known[2], asserted_by=system)  # type: ignore[arg-type]
        step.person.name = cell.name or ""
        step.person.position = cell.signposition
        moment = moments.read_moment(cell.date, cell.time or "")
        if moment is not None:
            step.acted_at.FromDatetime(moment)
        elif cell.date:
            findings.append(loss("date-unreadable", f"{where}/date", value=f"{cell.date} {cell.time or ''}".strip()))
        return step

    def write(
        self, steps: Iterable[ApprovalStep], findings: list[Finding]
    ) -> tuple[tuple[Approval, ...], tuple[Assist, ...]]:
        """Give the cells to print; no approvals when nobody has decided."""
        done = sorted((step for step in steps if step.outcome in _DONE), key=lambda step: step.order)
        decisions = [step for step in done if step.role == StepRole.STEP_ROLE_DECIDE]
        if not decisions:
            return (), ()
        printed = [step for step in done if step.role in (StepRole.STEP_ROLE_DRAFT, StepRole.STEP_ROLE_REVIEW)]
        cells = [cell for step in [*printed, *decisions] for cell in self._cells(step, findings)]
        approvals = [Approval(str(number), **cell) for number, cell in enumerate(cells[:-1], 1)]
        approvals.append(Approval(FINAL, **cells[-1]))
        helping = [step for step in done if step.role in _ASSISTING]
        assists = tuple(
            Assist(str(number), **self._cells(step, findings)[-1]) for number, step in enumerate(helping, 1)
        )
        return tuple(approvals), assists

    def _cells(self, step: ApprovalStep, findings: list[Finding]) -> list[dict[str, Any]]:
        """Make the cells of a step: one, but two for the 대결 of a delegated matter (규칙 art. 7).

        There the delegated approver's cell says 전결 and the acting person's 대결; in a plain 대결 only who acted signs.
        """
        cell = self._cell(step, findings)
        if not step.HasField("acted_by"):
            return [cell]
        acted = {**cell, "signposition": step.acted_by.position, "name": step.acted_by.name}
        if step.mode != StepMode.STEP_MODE_ACTING_FOR_DELEGATED:
            findings.append(loss("value-not-carried", f"steps.{step.order}.person.name", value=step.person.name))
            return [acted]
        return [{**cell, "type": self._write[_DELEGATED], "date": "", "time": None}, acted]

    def _cell(self, step: ApprovalStep, findings: list[Finding]) -> dict[str, Any]:
        """Make a cell. One who was skipped shows the reason in place of the name (규칙 art. 6③)."""
        word = (
            self._write[(step.role, step.mode)] if (step.role, step.mode) in self._write else self._by_role(step.role)
        )
        if self._read[word][:2] != (step.role, step.mode):
            findings.append(loss("value-not-carried", f"steps.{step.order}.mode", value=StepMode.Name(step.mode)))
        if step.opinion:
            findings.append(loss("value-not-carried", f"steps.{step.order}.opinion", value=step.opinion[:60]))
        skipped = step.outcome == StepOutcome.STEP_OUTCOME_SKIPPED
        acted = moments.korean(step.acted_at) if step.HasField("acted_at") else None
        return {
            "signposition": step.person.position,
            "type": word,
            "name": (step.skip_reason or "공석") if skipped else step.person.name,
            "date": acted.strftime("%Y.%m.%d") if acted else "",
            # Midnight is what a date without a time is read as; a time nobody said is not printed.
            "time": acted.strftime("%H:%M:%S") if acted and acted.time() != MIDNIGHT else None,
        }

    def _by_role(self, role: int) -> str:
        return next((word for word, each in self._read.items() if each[0] == role), "협조")


def _in_order(cells: Sequence[Approval] | Sequence[Assist]) -> list[Any]:
    """Sort cells by their number; those with something else for a number keep their place behind."""
    return sorted(cells, key=lambda cell: int(cell.order) if cell.order.isdecimal() else 1_000)
