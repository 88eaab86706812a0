"""Bytes of a spreadsheet -> `Workbook`: told apart (`disguise`), measured (`ooxml`, `biff`), and read by calamine.

calamine gives the value a formula showed when it was saved, dates by the cell's format and the book's epoch, and merged
ranges. It is compiled, so what could make it run out of memory is refused before; a panic of it is a refusal like others.
"""

import io
from collections.abc import Sequence

import python_calamine as calamine

from adapters.formats.findings import FormatError, reject
from adapters.formats.spreadsheet.biff import walked
from adapters.formats.spreadsheet.disguise import kind_of
from adapters.formats.spreadsheet.extent import too_large
from adapters.formats.spreadsheet.ooxml import looked_through
from adapters.formats.spreadsheet.workbook import Extent, Limits, Sheet, Workbook

_LIMITS = Limits()
_PANIC = "PanicException"


def read(data: bytes, limits: Limits = _LIMITS) -> Workbook:
    """Read all sheets of a workbook.

    Raises:
        FormatError: `sheet-is-html`, `sheet-is-text`, `sheet-locked`, `sheet-too-large`, `sheet-unreadable`, `file-empty`.

    """
    if len(data) > limits.input_bytes:
        raise too_large(limits.input_bytes >> 20, "MB")
    kind = kind_of(data)
    if kind == "xlsx":
        parts = looked_through(data, limits)
        given, extents, epoch = parts.data, parts.extents, parts.epoch
    else:
        seen = walked(data, limits)
        given, extents, epoch = data, seen.extents, seen.epoch
    try:
        sheets, others = _sheets(given, extents)
    except calamine.PasswordError:
        raise FormatError([reject("sheet-locked")]) from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise FormatError([reject("sheet-unreadable", reason=type(error).__name__)]) from None
    except BaseException as error:
        # What a panic of the compiled part is raised as has no name to import, and is no Exception.
        if type(error).__name__ != _PANIC:
            raise
        raise FormatError([reject("sheet-unreadable", reason=_PANIC)]) from None
    return Workbook(kind, epoch, sheets, others)


def _sheets(data: bytes, extents: Sequence[Extent]) -> tuple[list[Sheet], list[str]]:
    sheets: list[Sheet] = []
    others: list[str] = []
    with calamine.load_workbook(io.BytesIO(data)) as book:
        for place, about in enumerate(book.sheets_metadata):
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                others.append(about.name)
                continue
            sheet = book.get_sheet_by_index(place)
            errors = extents[place].errors if place < len(extents) else {}
            hidden = about.visible != calamine.SheetVisibleEnum.Visible
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append(Sheet(about.name, hidden, rows, sheet.merged_cell_ranges or [], errors))
    return sheets, others
