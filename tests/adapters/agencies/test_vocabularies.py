"""Role x mode x outcome against every vocabulary met: each value of each has its place in ours, and each of ours in each."""

import itertools

import pytest

from adapters import catalogue
from adapters.agencies.enara.lines import Lines
from adapters.agencies.relay.steps import Steps
from adapters.formats.exchange import Line, Person
from adapters.formats.exchange.vocabulary import SANCTION_RESULTS, SANCTION_TYPES
from adapters.formats.pubdoc.model import APPROVAL_TYPES, Approval, Assist
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, StepMode, StepOutcome, StepRole

LINES = Lines(catalogue.manifest_of("enara").tables)
STEPS = Steps(catalogue.manifest_of("relay").tables["step"])
GENERATIONS = ("exchange", "exchange_mis")
# What a line of ours can hold: the canonical table of steps (행정업무규정 8-10, 18).
CANONICAL = {
    "DRAFT": (("NORMAL",), ("SUBMITTED", "WITHDRAWN")),
    "REVIEW": (("NORMAL",), ("PENDING", "APPROVED", "RETURNED", "HELD")),
    "COOPERATE": (("SERIAL", "PARALLEL", "DEPARTMENT"), ("PENDING", "AGREED", "DISAGREED", "RETURNED")),
    "AUDIT": (("PERSON", "DEPARTMENT"), ("PENDING", "PASSED", "RETURNED")),
    "DECIDE": (
        ("OWN", "DELEGATED", "ACTING", "ACTING_FOR_DELEGATED", "SOLE", "JOINT"),
        ("PENDING", "APPROVED", "RETURNED", "HELD", "STOPPED"),
    ),
}
COMBINATIONS = [
    *((role, mode, outcome) for role, (modes, outcomes) in CANONICAL.items() for mode in modes for outcome in outcomes),
    ("REVIEW", "SKIPPED", "SKIPPED"),
]


def step(role: str, mode: str, outcome: str) -> ApprovalStep:
    made = ApprovalStep(
        order=1,
        role=StepRole.Value(f"STEP_ROLE_{role}"),
        mode=StepMode.Value(f"STEP_MODE_{mode}"),
        outcome=StepOutcome.Value(f"STEP_OUTCOME_{outcome}"),
    )
    made.person.name, made.person.position = "박나라", "과장"
    made.acted_at.FromJsonString("2026-05-06T01:00:00Z")
    return made


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_each_of_ours_has_words_in_both_generations(combination, generation):
    findings = []
    kind, result = LINES.word_pair(step(*combination), generation, findings)
    assert kind in SANCTION_TYPES[generation]
    assert result in SANCTION_RESULTS[generation]
    role, mode, outcome = LINES.meaning(kind, result, generation)
    made = step(*combination)
    # What the words cannot say is said beside them; they never turn a decision into its opposite.
    assert (role, mode, outcome) == (made.role, made.mode, made.outcome) or findings
    undone = {StepOutcome.STEP_OUTCOME_PENDING, StepOutcome.STEP_OUTCOME_HELD, StepOutcome.STEP_OUTCOME_SKIPPED}
    assert (outcome in undone) == (made.outcome in undone)
    assert (outcome == StepOutcome.STEP_OUTCOME_RETURNED) == (made.outcome == StepOutcome.STEP_OUTCOME_RETURNED)


@pytest.mark.parametrize(
    ("generation", "kind", "result"),
    [
        (generation, kind, result)
        for generation in GENERATIONS
        for kind, result in itertools.product(SANCTION_TYPES[generation], SANCTION_RESULTS[generation])
    ],
)
def test_each_pair_of_words_is_read_and_comes_back(generation, kind, result):
    line = Line(
        "final", kind, result, Person("kimdy", "김대영", "사무관", "정책과", "부"), "2026-05-06 10:00:00", "의견"
    )
    steps, kept = LINES.read([line], generation, "ADM131000040", [])
    assert steps[0].role
    assert steps[0].mode
    assert steps[0].outcome
    [back] = LINES.write(steps, generation, kept, [])
    assert (back.type, back.result) == (kind, result)


@pytest.mark.parametrize("word", APPROVAL_TYPES)
def test_each_word_of_a_pubdoc_is_read_and_written(word):
    findings = []
    cell = (
        Assist("1", "과장", word, "2026.05.06", "박나라")
        if word == "협조"
        else Approval("1" if word in {"기안", "검토"} else "final", "과장", word, "박나라", "2026.05.06")
    )
    last = Approval("final", "실장", "결재", "이나라", "2026.05.06")
    cells = [cell, last] if isinstance(cell, Approval) and cell.order == "1" else [last if word == "협조" else cell]
    steps = STEPS.read(cells, [cell] if isinstance(cell, Assist) else [], "relay", findings)
    assert not findings
    approvals, assists = STEPS.write(steps, findings)
    assert word in {each.type for each in (*approvals, *assists)}
    assert not findings


@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_each_of_ours_that_is_done_has_a_cell_in_a_pubdoc(combination):
    made = step(*combination)
    final = step("DECIDE", "OWN", "APPROVED")
    final.order = 2
    approvals, assists = STEPS.write([made, final], [])
    done = combination[2] in {"SUBMITTED", "APPROVED", "AGREED", "DISAGREED", "PASSED", "SKIPPED"}
    assert len(approvals) + len(assists) == 1 + done
    assert {each.type for each in (*approvals, *assists)} <= set(APPROVAL_TYPES)


def test_the_deputy_of_a_delegate_signs_beside_the_delegate():
    made = step("DECIDE", "ACTING_FOR_DELEGATED", "APPROVED")
    made.acted_by.name, made.acted_by.position = "김대결", "서기관"
    approvals, _ = STEPS.write([made], [])
    assert [(each.order, each.type, each.name) for each in approvals] == [
        ("1", "전결", "박나라"),
        ("final", "대결", "김대결"),
    ]


def test_in_a_plain_acting_decision_only_the_deputy_signs_and_the_loss_is_reported():
    made = step("DECIDE", "ACTING", "APPROVED")
    made.acted_by.name, made.acted_by.external_id = "김대결", "daegyeol"
    findings = []
    approvals, _ = STEPS.write([made], findings)
    assert [(each.type, each.name) for each in approvals] == [("대결", "김대결")]
    assert [finding.code for finding in findings] == ["value-not-carried"]
    findings = []
    [line] = LINES.write([made], "exchange_mis", {}, findings)
    assert (line.type, line.person.name, line.person.user_id) == ("대결", "김대결", "daegyeol")
    assert "value-not-carried" in {finding.code for finding in findings}
