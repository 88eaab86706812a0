"""Spreadsheets of Excel: xlsx and xls (BIFF8) to rows of named columns, and back as xlsx."""

from adapters.formats.spreadsheet.column import Column, Kind
from adapters.formats.spreadsheet.reading import read
from adapters.formats.spreadsheet.rows import Layout, SpreadsheetRows
from adapters.formats.spreadsheet.workbook import Limits, Sheet, Workbook

__all__ = ["Column", "Kind", "Layout", "Limits", "Sheet", "SpreadsheetRows", "Workbook", "read"]
