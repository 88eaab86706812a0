"""The line of signers: entries of the record's table to steps and back, by the letters of the manifest."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.agencies.moct_roads.moments import read_moment, write_moment
from adapters.formats.findings import Finding, reject
from adapters.manifest import Manifest
from onnara.exchange.v1 import official_document_pb2 as words
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, StepPerson

Entry = Mapping[str, Any]


class Line:
    """Both directions of the table SIGNER, of requests and of answers."""

    def __init__(self, manifest: Manifest) -> None:
        self._system = manifest.system
        self._steps: dict[str, tuple[Any, Any, Any]] = {
            each["letter"]: (
                words.StepRole.Value(each["role"]),
                words.StepMode.Value(each["mode"]),
                words.StepOutcome.Value(each["signed"]),
            )
            for each in manifest.tables["step"]
        }
        self._outcomes: dict[str, Any] = {
            code: words.StepOutcome.Value(word) for code, word in manifest.codes("outcome").items()
        }

    def put(self, entries: Sequence[Entry], steps: Any, offset: int) -> list[Finding]:
        """Add a step for each entry. `offset`: of the record, for the findings; answers what forbids using it."""
        findings: list[Finding] = []
        for number, entry in enumerate(entries, 1):
            known = self._steps.get(entry["SIGNER-ROLE"])
            if known is None or not entry["SIGNER-ID"]:
                field, code = ("SIGNER-ROLE", "code-unknown") if known is None else ("SIGNER-ID", "value-missing")
                findings.append(reject(code, field, offset=offset, value=str(entry[field])))
                continue
            try:
                acted = read_moment(entry["SIGNED-AT"])
            except ValueError:
                findings.append(reject("date-invalid", "SIGNED-AT", offset=offset, value=str(entry["SIGNED-AT"])))
                continue
            self._add(steps, number, known, entry, acted)
        return findings

    def _add(self, steps: Any, number: int, known: tuple[Any, Any, Any], entry: Entry, acted: Any) -> None:
        role, mode, signed = known
        person = StepPerson(
            external_id=entry["SIGNER-ID"], name=entry["SIGNER-NAME"], position=entry.get("SIGNER-POST", "")
        )
        if "OUTCOME" in entry:
            outcome = self._outcomes.get(entry["OUTCOME"], words.StepOutcome.STEP_OUTCOME_UNSPECIFIED)
            step = steps.add(
                order=number, role=role, mode=mode, outcome=outcome, person=person, opinion=entry["OPINION"]
            )
        elif acted is None:
            outcome = words.StepOutcome.STEP_OUTCOME_PENDING
            step = steps.add(order=number, role=role, mode=mode, outcome=outcome, person=person)
        else:
            step = steps.add(
                order=number, role=role, mode=mode, outcome=signed, person=person, asserted_by=self._system
            )
        if acted is not None:
            step.acted_at.FromDatetime(acted)

    def take(self, steps: Sequence[ApprovalStep], *, answer: bool) -> list[dict[str, Any]]:
        """Make the entries of steps. Raises ValueError with the field and the value it has no word for."""
        return [self._entry(step, answer=answer) for step in steps]

    def _entry(self, step: ApprovalStep, *, answer: bool) -> dict[str, Any]:
        letters = [letter for letter, (role, mode, _) in self._steps.items() if (role, mode) == (step.role, step.mode)]
        near = [letter for letter, (role, _, _) in self._steps.items() if role == step.role] if answer else []
        if not letters and not near:
            raise ValueError("SIGNER-ROLE", words.StepRole.Name(step.role))
        entry = {
            "SIGNER-ROLE": (letters or near)[0],
            "SIGNER-ID": step.person.external_id,
            "SIGNER-NAME": step.person.name,
            "SIGNED-AT": write_moment(step.acted_at) if step.HasField("acted_at") else 0,
        }
        if not answer:
            return {**entry, "SIGNER-POST": step.person.position}
        codes = [code for code, number in self._outcomes.items() if number == step.outcome]
        if not codes:
            raise ValueError("OUTCOME", words.StepOutcome.Name(step.outcome))
        return {**entry, "OUTCOME": codes[0], "OPINION": step.opinion}
