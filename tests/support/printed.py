"""A document as it is printed: the ODT file a desk is given -> its tables and its text."""

import io
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from onnara.documents.v1 import documents_service_pb2 as pb
from tools.demo.officials import Official

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@dataclass(frozen=True, slots=True)
class Printed:
    """text: everything in it. tables: rows of cells."""

    text: str
    tables: list[list[list[str]]]

    @property
    def signatures(self) -> str:
        """Cells of the line and of those who cooperated: post above, mark, day and name below."""
        pairs = [zip(*rows, strict=True) for rows in self.tables if len(rows) == 2]
        return ", ".join(f"[{' / '.join(cell)}]" for cells in pairs for cell in cells)


async def printed(official: Official, document_id: str) -> Printed:
    """What an official prints."""
    request = pb.RenderDocumentRequest(document_id=document_id, format=pb.OUTPUT_FORMAT_ODT)
    answers = official.documents.RenderDocument(request, metadata=await official.authority())
    data = b"".join([answer.chunk async for answer in answers])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        root = ET.fromstring(packed.read("content.xml"))
    tables = [
        [[_text(cell) for cell in row.iter(f"{_TABLE}table-cell")] for row in table.iter(f"{_TABLE}table-row")]
        for table in root.iter(f"{_TABLE}table")
    ]
    return Printed(_text(root), tables)


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())
