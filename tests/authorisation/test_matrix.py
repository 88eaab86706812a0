"""Every method x everybody who could call x every state of a document: what the page says is what happens.

Nothing is sampled: a method, a person or a state without a cell fails, and each cell is a call to the running services.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from authorisation import record
from authorisation.asking import ON_DOCUMENT, ON_LINE, ONCE
from authorisation.carrying_out import Outcome, carry_out
from authorisation.personas import ELSEWHERE, PERSONAS, SYSTEMS, Persona
from authorisation.services import SERVICES
from authorisation.stages import Papers, Stage

METHODS = {label.partition(":")[0] for table in (ON_DOCUMENT, ON_LINE, ONCE) for label in table}
RECORDING = bool(os.environ.get("ONNARA_RECORD_AUTHORISATION"))
AT_ONCE = 2
"""Rows under way at a time; each is a call per person."""

READING = "DocumentsService/GetDocument"
# Whom these answer needs no right to the document: a passkey's challenge says nothing about a line that is not theirs, and
# files somebody does not have are missed before anything else is looked at.
SAYING_NOTHING = {"ApprovalService/PrepareDecision", "DocumentsService/UpdateDraft", "DocumentsService/ReviseDocument"}
# The session speaks, not the token; or there is nothing to know yet.
WITHOUT_TOKEN = {
    "SignIn", "IssueToken", "SignOut", "ListChanges", "BeginPasskey", "FinishPasskey", "ListPasskeys", "RemovePasskey",
    "BeginPasskeySignIn", "FinishPasskeySignIn", "ListSessions", "EndSession", "ChangePassword",
}  # fmt: skip


def rows(papers: Papers) -> Iterator[tuple[str, str, Callable[[Persona], Any]]]:
    """Method, stage, and how each person asks."""
    for method, ask_once in ONCE.items():
        yield method, record.EVERYWHERE, lambda persona, ask=ask_once: ask(papers, persona)
    for table, known in ((ON_DOCUMENT, papers.rows), (ON_LINE, papers.lines)):
        for method, ask in table.items():
            for stage in Stage:
                if known[stage] is not None:
                    yield method, stage.value, lambda persona, ask=ask, stage=stage: ask(papers, stage, persona)


async def test_everything_is_as_the_page_says(papers: Papers) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def letters(method: str, ask: Callable[[Persona], Any]) -> str:
        async with gate:
            cells = await asyncio.gather(*(carry_out(papers.world, method, ask(who), who) for who in PERSONAS))
        return "".join(letter for letter, _ in cells)

    asked = list(rows(papers))
    found = await asyncio.gather(*(letters(method, ask) for method, _, ask in asked))
    table = {(method, stage): line for (method, stage, _), line in zip(asked, found, strict=True)}
    if RECORDING:
        record.write(table)
    assert table == record.read()


@pytest.mark.parametrize("service", SERVICES)
def test_no_method_is_missing(service: str) -> None:
    declared = {f"{service}/{method}" for method in SERVICES[service].methods}
    assert {method for method in METHODS if method.startswith(f"{service}/")} == declared


def test_every_service_of_the_contracts_is_here() -> None:
    folder = record.PAGE.parents[1] / "protos" / "onnara"
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.proto")]
    declared = {line.split()[1] for text in texts for line in text.splitlines() if line.startswith("service ")}
    assert set(SERVICES) == declared


def test_who_is_not_known_does_nothing() -> None:
    at = PERSONAS.index(Persona.NOBODY)
    for (method, stage), letters in record.read().items():
        if method.partition("/")[2].partition(":")[0] not in WITHOUT_TOKEN:
            assert letters[at] == Outcome.UNKNOWN, (method, stage)


def test_what_is_hidden_is_hidden_from_every_act() -> None:
    table = record.read()
    for (method, stage), letters in table.items():
        if method.partition(":")[0] in SAYING_NOTHING or method in ON_LINE or (READING, stage) not in table:
            continue
        for who, seen, met in zip(PERSONAS, table[READING, stage], letters, strict=True):
            if seen == Outcome.HIDDEN and who not in SYSTEMS:
                assert met == Outcome.HIDDEN, (method, stage, who)


def test_whom_a_line_does_not_concern_nothing_of_it_is_said() -> None:
    table = record.read()
    for (method, stage), letters in table.items():
        if method not in ON_LINE or method in SAYING_NOTHING:
            continue
        for who, seen, met in zip(PERSONAS, table["ApprovalService/GetLine", stage], letters, strict=True):
            if seen == Outcome.HIDDEN:
                assert met == Outcome.HIDDEN, (method, stage, who)


def test_systems_and_other_agencies_act_on_no_document() -> None:
    reading = {"GetDocument", "GetHistory", "CompareVersions", "DownloadAttachment", "RenderDocument"}
    lines = {"GetLine", "GetLineHistory", "GetProof", "PrepareDecision"}
    for (method, stage), letters in record.read().items():
        name = method.partition("/")[2].partition(":")[0]
        if stage == record.EVERYWHERE or name in reading | lines:
            continue
        for who, met in zip(PERSONAS, letters, strict=True):
            if who in SYSTEMS | ELSEWHERE:
                assert met != Outcome.DONE, (method, stage, who)


def test_a_table_is_read_as_it_was_written(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = record.read()
    monkeypatch.setattr(record, "PAGE", tmp_path / "page.md")
    record.write(table)
    assert record.read() == table
    assert {len(letters) for letters in table.values()} == {len(PERSONAS)}
