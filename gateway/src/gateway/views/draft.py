"""A draft as its page needs it: what may be chosen, and the content as the browser's modules read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict

from gateway.i18n import Reader
from gateway.session import Session
from gateway.views.choices import ITEMS, KINDS, LEVELS, LIMITS, RANGES, SEALS, SOURCES, STEP_KINDS, Choice, choices
from gateway.views.words import DISCLOSURE, RETENTION, word
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb

_FOUND = (exchange_pb.Source.KIND_PRODUCED_DOCUMENT, exchange_pb.Source.KIND_RECEIVED_DOCUMENT)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft. state: JSON for the browser's modules."""

    document_id: str
    version: int
    title: str
    returned: bool
    kinds: list[Choice]
    levels: list[Choice]
    items: list[Choice]
    ranges: list[Choice]
    limits: list[Choice]
    seals: list[Choice]
    sources: list[Choice]
    tasks: list[tuple[str, str, str]]
    state: dict[str, Any]
    words: dict[str, Any]
    # Codes of the unit tasks beside the first.
    further: frozenset[str] = frozenset()
    # The author submits it and decides who writes along; before there is a draft, whoever begins it is the author.
    own: bool = True
    # Named to those who write along.
    author: str = ""
    # What most documents are: read by the department that made them.
    usual_range: int = int(exchange_pb.READING_RANGE_DEPARTMENT)

    def value(self, name: str) -> Any:
        """One field of the content; empty when it is not set."""
        return self.state["content"].get(name, "")


def draft_view(
    reader: Reader, document: pb.Document, tasks: Iterable[pb.TaskEntry], session: Session, author: str = ""
) -> DraftView:
    """The draft of a person; an empty document is a new one. author: of a draft that the person writes along on."""
    returned = document.state == pb.DOCUMENT_STATE_RETURNED
    capacity = session.capacity
    return DraftView(
        further=frozenset(each.code for each in document.content.further_tasks),
        own=not document.document_id or "submit" in document.allowed,
        author=author,
        document_id=document.document_id,
        version=document.version,
        title=document.content.title,
        returned=returned,
        kinds=choices(reader, KINDS),
        levels=[(int(value), reader.text(text)) for value, text in DISCLOSURE.items()],
        items=choices(reader, ITEMS),
        ranges=choices(reader, RANGES),
        limits=choices(reader, LIMITS),
        seals=choices(reader, SEALS),
        # Documents are found by search; what else there is to go back to is written down.
        sources=[each for each in choices(reader, SOURCES) if each[0] not in _FOUND],
        tasks=[(each.task.code, each.task.name, word(reader, RETENTION, each.retention)) for each in tasks],
        state={
            "documentId": document.document_id,
            "version": document.version,
            "returned": returned,
            "manifest": document.manifest_hash.hex(),
            "officialId": session.official_id,
            "coDrafters": [
                {
                    "id": each.official_id,
                    "name": each.name,
                    "position": each.position,
                    "department": each.department_name,
                }
                for each in document.co_drafters
            ],
            "name": session.name,
            "position": capacity.position if capacity else "",
            "department": capacity.department_name if capacity else "",
            "agency": capacity.agency_name if capacity else "",
            "content": MessageToDict(document.content, use_integers_for_enums=True),
        },
        words=_words(reader),
    )


def _words(reader: Reader) -> dict[str, Any]:
    """Texts that the browser's modules show, in the reader's language."""
    text = reader.text
    return {
        "body": text("Body"),
        "unsaved": text("Not stored yet …"),
        "saved": text("Stored at {time}"),
        "failed": text("Could not be stored; it is tried again with the next change"),
        "conflict": text("Not stored: somebody else stored another text meanwhile"),
        "theirs": text("{who} stored another text at {at}."),
        "gone": text(
            "It is no draft any more: it was submitted meanwhile. Your text stays here; store it as a draft of its own."
        ),
        "apart": text("Your text is a draft of its own now."),
        "ofDraft": text("About {title}: {problem}"),
        "remove": text("Remove"),
        "again": text("Try again"),
        "nobody": text("Nothing found"),
        "outside": text("outside of government, sent by hand"),
        "refer": text("for reference"),
        "corrected": text("The text was put in order."),
        "rule": text("Decided at level {level} by {rule}"),
        "noRule": text("No rule of delegated decision is about this."),
        "levels": dict(choices(reader, LEVELS)),
        "joint": text("{agency}: its head decides too."),
        "noHead": text("Nobody is known to decide for {agency}."),
        "offered": text("The line was taken over."),
        "kept": text("The line is kept as a template."),
        "offers": {
            "PROPOSAL_KIND_RULE": text("By the rule"),
            "PROPOSAL_KIND_TEMPLATE": text("Template: {name}"),
            "PROPOSAL_KIND_LAST_USED": text("As last time"),
        },
        "line": {
            "kinds": {"/".join(kind): text(name) for kind, name in STEP_KINDS.items()},
            "drafter": text("step-kind:draft"),
            "handle": text("Move {name}"),
            "kind": text("Part of {name}"),
            "remove": text("Take {name} out"),
            "moved": text("{name} is now at place {place}."),
            "added": text("{name} was added."),
            "nobody": text("Nothing found"),
            "up": text("Move {name} up"),
            "down": text("Move {name} down"),
            "decides": text("Who decides for {name}"),
        },
        "sources": dict(choices(reader, SOURCES)),
    }
