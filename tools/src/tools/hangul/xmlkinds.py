"""Writing samples as XML: HWPX (OWPML in a zip archive) and HWPML (one file)."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from tools.hangul.sample import Aside, Formula, Grid, Line, preview

_HWPX: Final = {
    "header": "header", "footer": "footer", "footnote": "footNote", "endnote": "endNote", "comment": "hiddenComment",
}  # fmt: skip
_SPACES: Final = "".join(
    f' xmlns:{prefix}="http://www.hancom.co.kr/hwpml/2011/{name}"'
    for prefix, name in (("hp", "paragraph"), ("hs", "section"), ("hh", "head"))
)
_HEADER: Final = (
    '<hh:head{spaces}><hh:refList><hh:numberings><hh:numbering id="1"><hh:paraHead start="1" level="1" '
    'numFormat="DIGIT">^1.</hh:paraHead><hh:paraHead start="1" level="2" numFormat="HANGUL_SYLLABLE">^2.</hh:paraHead>'
    '</hh:numbering></hh:numberings><hh:bullets><hh:bullet id="1" char="●"/></hh:bullets><hh:paraProperties>{shapes}'
    "</hh:paraProperties></hh:refList></hh:head>"
)
_SHAPES: Final = (("NONE", 0), ("NUMBER", 0), ("NUMBER", 1), ("BULLET", 0))
_PACKAGE: Final = (
    '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:manifest><opf:item id="s0" '
    'href="Contents/section0.xml"/></opf:manifest><opf:spine><opf:itemref idref="s0"/></opf:spine></opf:package>'
)


def hwpx(lines: Sequence[Line], *, shown: str | None = None) -> bytes:
    """Make a package."""
    return zipped(members(lines, shown=shown))


def members(lines: Sequence[Line], *, shown: str | None = None) -> dict[str, bytes]:
    """Make the members of a package by name."""
    shapes = "".join(
        f'<hh:paraPr id="{number}"><hh:heading type="{kind}" idRef="{1 if number else 0}" level="{level}"/></hh:paraPr>'
        for number, (kind, level) in enumerate(_SHAPES)
    )
    texts = {
        "mimetype": "application/hwp+zip",
        "version.xml": '<hv:HCFVersion xmlns:hv="v" major="5" minor="1" micro="0" buildNumber="1"/>',
        "Contents/content.hpf": _PACKAGE,
        "Contents/header.xml": _HEADER.format(spaces=_SPACES, shapes=shapes),
        "Contents/section0.xml": f"<hs:sec{_SPACES}>{''.join(map(_hwpx, lines))}</hs:sec>",
        "Preview/PrvText.txt": preview(lines) if shown is None else shown,
    }
    return {name: text.encode() for name, text in texts.items()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Put members into an archive, the first one unpacked as the standard asks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def _hwpx(line: Line) -> str:
    text = escape(line.text).replace("\t", "<hp:tab/>")
    runs = f"<hp:t>{text}</hp:t>" if text else ""
    runs += "".join(map(_hwpx_object, line.objects))
    return f'<hp:p paraPrIDRef="{line.shape}"><hp:run>{runs}</hp:run><hp:linesegarray/></hp:p>'


def _hwpx_list(lines: Sequence[Line]) -> str:
    return f"<hp:subList>{''.join(map(_hwpx, lines))}</hp:subList>"


def _hwpx_object(each: Grid | Aside | Formula) -> str:
    if isinstance(each, Formula):
        return f"<hp:equation><hp:script>{escape(each.script)}</hp:script></hp:equation>"
    if isinstance(each, Grid):
        rows = "".join(
            f"<hp:tr>{''.join(_hwpx_cell(lines, r, c) for c, lines in enumerate(row))}</hp:tr>"
            for r, row in enumerate(each.rows)
        )
        return f"<hp:tbl>{rows}</hp:tbl>"
    if each.kind == "box":
        return f"<hp:rect><hp:drawText>{_hwpx_list(each.lines)}</hp:drawText></hp:rect>"
    name = _HWPX[each.kind]
    return f"<hp:ctrl><hp:{name}>{_hwpx_list(each.lines)}</hp:{name}></hp:ctrl>"


def _hwpx_cell(lines: Sequence[Line], row: int, column: int) -> str:
    address = f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/><hp:cellSpan colSpan="1" rowSpan="1"/>'
    return f"<hp:tc>{_hwpx_list(lines)}{address}</hp:tc>"


def hwpml(lines: Sequence[Line]) -> bytes:
    """Make a file."""
    shapes = "".join(
        f'<PARASHAPE Id="{number}" HeadingType="{kind.title()}" Heading="{1 if number else 0}" Level="{level}"/>'
        for number, (kind, level) in enumerate(_SHAPES)
    )
    head = (
        '<NUMBERINGLIST><NUMBERING Id="1"><PARAHEAD Level="1" NumFormat="Digit">^1.</PARAHEAD><PARAHEAD Level="2" '
        'NumFormat="HangulSyllable">^2.</PARAHEAD></NUMBERING></NUMBERINGLIST><BULLETLIST><BULLET Id="1" Char="●"/>'
        f"</BULLETLIST><PARASHAPELIST>{shapes}</PARASHAPELIST>"
    )
    body = "".join(map(_hwpml, lines))
    text = f'<HWPML Version="2.8"><HEAD><MAPPINGTABLE>{head}</MAPPINGTABLE></HEAD><BODY><SECTION Id="0">{body}</SECTION></BODY></HWPML>'
    return b'<?xml version="1.0" encoding="UTF-8" standalone="no" ?>' + text.encode()


def _hwpml(line: Line) -> str:
    text = escape(line.text).replace("\t", "<TAB/>")
    runs = f"<CHAR>{text}</CHAR>" if text else ""
    runs += "".join(map(_hwpml_object, line.objects))
    return f'<P ParaShape="{line.shape}"><TEXT>{runs}</TEXT></P>'


def _hwpml_list(lines: Sequence[Line]) -> str:
    return f"<PARALIST>{''.join(map(_hwpml, lines))}</PARALIST>"


def _hwpml_object(each: Grid | Aside | Formula) -> str:
    if isinstance(each, Formula):
        return f"<EQUATION><SCRIPT>{escape(each.script)}</SCRIPT></EQUATION>"
    if isinstance(each, Grid):
        rows = ("".join(f"<CELL>{_hwpml_list(lines)}</CELL>" for lines in row) for row in each.rows)
        return f"<TABLE>{''.join(f'<ROW>{row}</ROW>' for row in rows)}</TABLE>"
    if each.kind == "box":
        box = f"<DRAWINGOBJECT><DRAWTEXT>{_hwpml_list(each.lines)}</DRAWTEXT></DRAWINGOBJECT>"
        return f"<RECTANGLE>{box}</RECTANGLE>"
    name = _HWPX[each.kind].upper()
    return f"<{name}>{_hwpml_list(each.lines)}</{name}>"
