"""Fixed-width text: layouts as data, bytes to records, records to bytes. Widths are bytes: cut first, decode after."""

from adapters.formats.fixedwidth.decode import DecodedRecord, Decoding, FileReport, decode
from adapters.formats.fixedwidth.encode import Row, encode, encode_record
from adapters.formats.fixedwidth.layout import Field, Layout, RecordKind, Totals, Value
from adapters.formats.fixedwidth.rows import FixedRows, Sums

__all__ = [
    "DecodedRecord",
    "Decoding",
    "Field",
    "FileReport",
    "FixedRows",
    "Layout",
    "RecordKind",
    "Row",
    "Sums",
    "Totals",
    "Value",
    "decode",
    "encode",
    "encode_record",
]
