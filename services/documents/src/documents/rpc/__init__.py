"""The gRPC side of documents, by subject. Every servicer is put together from parts that share a ``Desk``."""

from collections.abc import Callable, Sequence
from typing import Any

from documents.rpc.attachments import Attaching
from documents.rpc.boxes import Listing
from documents.rpc.calls import Desk
from documents.rpc.cards import Reading
from documents.rpc.dispatch import Dispatching
from documents.rpc.drafts import Drafting
from documents.rpc.output import Output
from documents.rpc.readers import Sharing
from documents.rpc.receipts import ReceiptServicer
from documents.rpc.records import RecordsServicer
from documents.rpc.registrations import Registering
from documents.rpc.uploads import UploadServicer
from documents.rpc.versions import Revising
from onnara.documents.v1.dispatch_service_pb2_grpc import add_DispatchServiceServicer_to_server
from onnara.documents.v1.documents_service_pb2_grpc import (
    DocumentsServiceServicer,
    add_DocumentsServiceServicer_to_server,
)
from onnara.documents.v1.receipt_service_pb2_grpc import add_ReceiptServiceServicer_to_server
from onnara.documents.v1.records_service_pb2_grpc import add_RecordsServiceServicer_to_server
from onnara.documents.v1.upload_service_pb2_grpc import add_UploadServiceServicer_to_server

__all__ = ["Desk", "DocumentsServicer", "servicers"]


class DocumentsServicer(
    Reading, Listing, Drafting, Revising, Attaching, Output, Sharing, Registering, DocumentsServiceServicer
):
    """Document cards."""


def servicers(desk: Desk) -> Sequence[tuple[Callable[..., None], Any]]:
    """Everything the server serves, each with the function that adds it."""
    return [
        (add_DocumentsServiceServicer_to_server, DocumentsServicer(desk)),
        (add_DispatchServiceServicer_to_server, Dispatching(desk)),
        (add_ReceiptServiceServicer_to_server, ReceiptServicer(desk)),
        (add_RecordsServiceServicer_to_server, RecordsServicer(desk)),
        (add_UploadServiceServicer_to_server, UploadServicer(desk)),
    ]
