"""A card's text as a file: pictures from the blob store, the sheet, the press."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from chassis.blobs import Blobs
from chassis.errors import ConflictError
from documents.rendering import sheet as kinds
from documents.rendering.press import Press
from documents.translate import sheet as translate
from documents.translate import views
from documents.translate.content import restored

# What the typesetter writes for each page, never inside a compressed stream.
_PAGE = re.compile(rb"/Type\s*/Page\b")


async def printed(press: Press, blobs: Blobs, row: Mapping[str, Any], body: str, zone: str, kind: str) -> bytes:
    """The file. row: card joined with its registration. kind: pdf, odt, xml. zone: the agency's.

    Raises ConflictError document-not-decided, InvalidError rendering-too-long, RenderingError, TransientError.
    """
    pictures = {}
    for name, file in translate.pictures_of(restored(row, "")).items():
        # A page lacks a picture rather than a file that lacks a page.
        if await blobs.exists(row["agency_id"], file.sha256):
            pictures[name] = await blobs.get(row["agency_id"], file.sha256)
    sheet = await asyncio.to_thread(translate.sheet_of, row, body, views.number_of(row), zone, pictures)
    if kind == kinds.PUBDOC and (sheet.decided_on is None or not sheet.cells):
        raise ConflictError("document-not-decided", source="pubdoc.dtd")
    return await press.make(kind, sheet)


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF that the press has made."""
    return len(_PAGE.findall(pdf))
