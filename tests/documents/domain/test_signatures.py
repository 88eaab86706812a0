"""Signature cells: the rules of 시행규칙 7 one by one."""

from datetime import date

import pytest

from documents.domain.signatures import Signer, cells_of

DAY = date(2026, 5, 6)


def signer(role: str, name: str, mode: str = "normal", outcome: str = "done", **changes) -> Signer:
    return Signer(role, mode, outcome, f"{name}직", name, DAY if outcome == "done" else None, **changes)


def shown(steps) -> list[tuple]:
    return [(cell.kind, cell.position, cell.mark, cell.sign, cell.day) for cell in cells_of(steps)[0]]


@pytest.mark.parametrize(
    ("step", "cells"),
    [
        (signer("decide", "장", "own"), [("결재", "장직", "", "장", DAY)]),
        (signer("decide", "장", "delegated"), [("전결", "장직", "전결", "장", DAY)]),
        (signer("decide", "장", "sole"), [("전결", "장직", "전결", "장", DAY)]),
        (signer("decide", "장", "acting", acted_by=("부직", "부")), [("대결", "부직", "대결", "부", DAY)]),
        (
            signer("decide", "장", "acting-for-delegated", acted_by=("부직", "부")),
            [("전결", "장직", "전결", "", None), ("대결", "부직", "대결", "부", DAY)],
        ),
    ],
)
def test_the_deciding_cells(step, cells) -> None:
    drafter = signer("draft", "안")
    assert shown([drafter, step]) == [("기안", "안직", "", "안", None), *cells]


def test_a_skipped_reviewer_shows_the_reason_and_who_never_signed_has_no_cell() -> None:
    steps = [
        signer("draft", "안"),
        signer("review", "갑", "skipped", "left-out", skip_reason="출장"),
        signer("review", "을", outcome="pending"),
        signer("decide", "장", "own"),
        signer("after", "후"),
    ]
    assert [cell[3] for cell in shown(steps)] == ["안", "출장", "장"]


def test_opinions_and_helpers() -> None:
    steps = [
        signer("draft", "안"),
        signer("cooperate", "협", opinion=True),
        signer("audit", "감"),
        signer("decide", "장", "own"),
    ]
    line, helping = cells_of(steps)
    assert [(cell.kind, cell.sign, cell.opinion, cell.day) for cell in helping] == [
        ("협조", "협", True, None),
        ("감사", "감", False, None),
    ]
    assert [cell.sign for cell in line] == ["안", "장"]


def test_before_the_decision_those_to_come_have_empty_cells() -> None:
    steps = [signer("draft", "안"), signer("review", "갑", outcome="pending"), signer("decide", "장", "own", "pending")]
    assert [(cell[1], cell[3]) for cell in shown(steps)] == [("안직", "안"), ("갑직", ""), ("장직", "")]


def test_a_deputys_review_bears_the_mark() -> None:
    [_, cell] = shown([signer("draft", "안"), signer("review", "갑", acted_by=("을직", "을"))])
    assert cell == ("검토", "을직", "대결", "을", None)
