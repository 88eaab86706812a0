"""The exchange standard's envelope (`pack.dtd` 2.0): bytes to `Pack`, `Pack` to bytes, and the names of its files."""

from adapters.formats.pack.filename import PackFileName, pack_file_name, parse_pack_file_name
from adapters.formats.pack.model import CARRIES_PUBDOC, DOC_TYPES, ROLES, Content, DocType, Pack, content_type_for
from adapters.formats.pack.read import read_pack
from adapters.formats.pack.write import write_pack

__all__ = [
    "CARRIES_PUBDOC",
    "DOC_TYPES",
    "ROLES",
    "Content",
    "DocType",
    "Pack",
    "PackFileName",
    "content_type_for",
    "pack_file_name",
    "parse_pack_file_name",
    "read_pack",
    "write_pack",
]
