"""The gRPC side of documents, by subject. Every servicer is put together from parts that share a ``Desk``."""

from collections.abc import Callable, Sequence
from typing import Any

from documents.rpc.attachments import Attaching
from documents.rpc.calls import Desk
from documents.rpc.cards import Reading
from documents.rpc.drafts import Drafting
from onnara.documents.v1.documents_service_pb2_grpc import (
    DocumentsServiceServicer,
    add_DocumentsServiceServicer_to_server,
)

__all__ = ["Desk", "DocumentsServicer", "servicers"]


class DocumentsServicer(Reading, Drafting, Attaching, DocumentsServiceServicer):
    """Document cards."""


def servicers(desk: Desk) -> Sequence[tuple[Callable[..., None], Any]]:
    """Everything the server serves, each with the function that adds it."""
    return [(add_DocumentsServiceServicer_to_server, DocumentsServicer(desk))]
