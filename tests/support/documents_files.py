"""Files that people bring, for tests of documents."""

from typing import Any

from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc

SECRET = b"salaries of everybody"


async def brought(documents: Any, data: bytes = SECRET, name: str = "붙임.txt", who: str = "drafter") -> doc.Attachment:
    """A file as it is stored in one go."""

    async def stream() -> Any:
        yield pb.UploadAttachmentRequest(name=name, media_type="text/plain", chunk=data)

    return (await documents.call("UploadAttachment", stream(), who)).attachment
