"""Control files of items of several files: `exchange.xml`, written last, lists what belongs to a transmission, with sizes.

Bytes <-> `Control`; `check` holds the list against what is there; `ControlledRows` is the codec of such items.
"""

from adapters.formats.control.check import CONTROL, check
from adapters.formats.control.model import FIELDS, Control, ListedFile, Party
from adapters.formats.control.names import FileName, file_name, read_file_name
from adapters.formats.control.read import read_control
from adapters.formats.control.rows import ControlledRows
from adapters.formats.control.write import write_control

__all__ = [
    "CONTROL",
    "FIELDS",
    "Control",
    "ControlledRows",
    "FileName",
    "ListedFile",
    "Party",
    "check",
    "file_name",
    "read_control",
    "read_file_name",
    "write_control",
]
