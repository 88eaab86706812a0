"""The exchange standard's document (`pubdoc.dtd` 2.0): bytes to `Pubdoc`, `Pubdoc` to bytes."""

from adapters.formats.pubdoc.model import Approval, Assist, Campaign, Image, Pubdoc, Receipt, Seal, SendInfo
from adapters.formats.pubdoc.read import read_pubdoc
from adapters.formats.pubdoc.write import write_pubdoc

__all__ = [
    "Approval",
    "Assist",
    "Campaign",
    "Image",
    "Pubdoc",
    "Receipt",
    "Seal",
    "SendInfo",
    "read_pubdoc",
    "write_pubdoc",
]
