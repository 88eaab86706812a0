"""The public table of agency codes (기관코드), read and judged without a database: bytes in, rows and findings out."""

from directory.domain.agency_codes.columns import Column
from directory.domain.agency_codes.parse import parse
from directory.domain.agency_codes.report import Report, report
from directory.domain.agency_codes.rows import CodeFinding, CodeRow, Table
from directory.domain.agency_codes.tree import Outcome, Resolution, Tree

__all__ = [
    "CodeFinding", "CodeRow", "Column", "Outcome", "Report", "Resolution", "Table", "Tree", "parse", "report",
]  # fmt: skip
