"""Registered documents -> what the open-document portal is told of them (원문공개, 정보공개법 8의2)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from documents.domain.disclosure import CLOSED, OPEN
from documents.domain.markup import Node, parse
from documents.translate.content import registration, restored
from documents.translate.views import number_of
from onnara.exchange.v1.disclosures_pb2 import DisclosureNews, DocumentDisclosed
from onnara.exchange.v1.official_document_pb2 import Attachment, ReadingLimit, StepRole, Unit


def disclosed(row: Mapping[str, Any], agency: Unit, made: Mapping[str, Any] | None) -> DocumentDisclosed:
    """What is told. row: card joined with its registration and its text. made: the PDF of the text; None: it is not open."""
    document, number = restored(row, row["body"]), number_of(row)
    told = DocumentDisclosed(
        agency_id=row["agency_id"],
        document_id=str(row["id"]),
        version=row["version"],
        news=DisclosureNews.DISCLOSURE_NEWS_UPDATED if row["told"] else DisclosureNews.DISCLOSURE_NEWS_NEW,
        title=document.title,
        created_at=row["created_at"],
        agency=agency,
        department=Unit(code=row["department_code"], name=row["department_name"]),
        reporter_name=row["drafter_name"],
        registration=registration(number) if number else None,
        retention=row["retention"],
        disclosure=document.disclosure,
        listed=not row["cancelled"],
        task=document.task,
        restricted_until=document.reading_limit_until
        if document.reading_limit == ReadingLimit.READING_LIMIT_UNTIL_DAY
        else "",
        file_code=row["file_code"],
    )
    if row["cancelled"]:
        # A cancelled registration stands for nothing any more: the portal takes it down.
        told.disclosure.level = CLOSED  # type: ignore[assignment]  # the numbers are the contract's
    decided = [step for step in document.steps if step.role == StepRole.STEP_ROLE_DECIDE]
    if decided:
        told.decider_name, told.decider_position = decided[-1].person.name, decided[-1].person.position
    if made is not None and told.disclosure.level == OPEN:
        told.words = words_of(row["body"])
        told.files.append(
            Attachment(sha256=made["sha256"], size=made["size"], media_type="application/pdf", name=f"{row['id']}.pdf")
        )
    return told


def said(told: DocumentDisclosed) -> bytes:
    """Hash of what matters to the portal: a card that has only moved on is no news."""
    plain = DocumentDisclosed()
    plain.CopyFrom(told)
    for name in ("version", "news"):
        plain.ClearField(name)
    return hashlib.sha256(plain.SerializeToString(deterministic=True)).digest()


def words_of(body: str) -> str:
    """The words of a text twice: run together as letters stand on paper, and parted wherever a mark stands between them."""
    pieces: list[str] = []
    _gather(parse(body), pieces)
    return f"{''.join(pieces)}\n{' '.join(pieces)}"


def _gather(node: Node, pieces: list[str]) -> None:
    for each in node.inside:
        if isinstance(each, str):
            pieces.append(each)
        else:
            _gather(each, pieces)
