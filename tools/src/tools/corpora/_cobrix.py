"""The cases of Cobrix's own tests: which copybook, which data, how its records are framed, what it made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.formats.copybook import Choice, Framing

_LITTLE: Final = Framing(at=2, order="little", extra=0)
_SEGMENTS: Final = {"STATIC-DETAILS": Choice("SEGMENT-ID", {"C": "STATIC-DETAILS", "P": "CONTACTS"})}
_TREE: Final = ("COMPANY", "DEPT", "EMPLOYEE", "OFFICE", "CUSTOMER", "CONTACT", "CONTRACT")
_HIERARCHY: Final = {"COMPANY": Choice("SEGMENT-ID", {str(number): name for number, name in enumerate(_TREE, 1)})}


@dataclass(frozen=True, slots=True)
class Case:
    """One data file.

    framing: None for records of the copybook's length. skip: bytes of each record before the copybook's.
    mark: what the prefix of a valid record begins with; others are passed over, as there.
    """

    name: str
    copybook: str
    data: str
    expected: str = ""
    framing: Framing | None = None
    page: str = "cp037"
    skip: int = 0
    mark: bytes = b""
    options: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)


_ALL: Final = {"others": True, "short": True}
_TABLE: Final = {"others": True, "whole": True}
CASES: Final = (
    Case("test1", "test1_copybook.cob", "test1_data/example.bin", "test1_expected/test1.txt", options=_TABLE),
    Case("test1a", "test1a_copybook.cob", "test1_data/example.bin", "test1a_expected/test1a.txt", Framing(length=2202), skip=2, options=_TABLE),
    Case("test1b", "test1_copybook.cob", "test1_data/example.bin", "test1b_expected/test1b.txt", options=_TABLE),
    Case("test2", "test2_copybook.cob", "test2_data/example2.bin", options=_TABLE),
    Case("test3", "test3_copybook.cob", "test3_data/TRAN2.AUG31.DATA.dat", "test3_expected/test3.txt"),
    Case("test5", "test5_copybook.cob", "test5_data/COMP.DETAILS.SEP30.DATA.dat", "test5_expected/test5.txt", _LITTLE, options=_ALL),
    Case("test5 by segment", "test5_copybook.cob", "test5_data/COMP.DETAILS.SEP30.DATA.dat", "test5_expected/test5c.txt", _LITTLE,
         options={"choose": _SEGMENTS, **_ALL}),
    Case("test5b", "test5_copybook.cob", "test5b_data/COMP.DETAILS.FEB02.DATA.RDW.BE.dat", "test5_expected/test5b.txt",
         Framing(extra=0), options=_ALL),
    Case("test5d", "test5d_copybook.cob", "test5b_data/COMP.DETAILS.FEB02.DATA.RDW.BE.dat", "test5_expected/test5d.txt",
         Framing(prefix=0, extra=4), options=_ALL),
    Case("test8", "test8_copybook.cob", "test8_data/TRAN2.MAR14.DATA.dat", "test8_expected/test8_printable.txt"),
    Case("test11", "test11_copybook.cob", "test11_data/COMP.DETAILS.MAY30.DATA.dat", "test11_expected/test11.txt",
         Framing(prefix=5, at=3, order="little", extra=0), mark=b"\x01", options=_ALL),
    Case("test14", "test14_copybook.cob", "test14_data/COMP.DETAILS.JUL02.DATA.dat", "test14_expected/test14.txt",
         Framing(at=2, order="little"), options={"choose": _SEGMENTS, **_ALL}),
    Case("test17", "test17_hierarchical.cob", "test17/HIERARCHICAL.DATA.RDW.dat", "test17_expected/test17a.txt", _LITTLE,
         options={"choose": _HIERARCHY, "short": True}),
    Case("test19", "test19_display_num.cob", "test19_display_num/data.dat", "test19_display_num_expected/test19.txt"),
    Case("test24", "test24_copybook.cob", "test24_data/INTEGR.TYPES.NOV28.DATA.dat"),
    Case("test40", "test40_copybook.cob", "test40_data/example.dat", "test40_expected/test40.txt", rules={"floats": "ieee"}),
)  # fmt: skip
