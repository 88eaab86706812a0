"""OpenDocument text: a sheet -> a zip of XML, so that any word processor goes on where the form ends."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from documents.rendering.flow import Block
from documents.rendering.odtstyles import MANIFEST_HEAD, STYLES, content
from documents.rendering.pictures import ending_of, size_of
from documents.rendering.sheet import Sheet
from documents.rendering.values import values_of
from documents.rendering.xmltext import attribute, text

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
_WIDEST_MM, _POINTS_A_MM = 170.0, 96 / 25.4
# The order of a zip's entries and their day are fixed: equal sheets give equal bytes.
_DAY = (1980, 1, 1, 0, 0, 0)


def odt(sheet: Sheet) -> bytes:
    """The sheet as an ODT file; pictures inside it."""
    names = {
        name: f"Pictures/{number}.{ending_of(data)}"
        for number, (name, data) in enumerate(sheet.pictures.items())
        if ending_of(data)
    }
    writer = _Writer({path: sheet.pictures[name] for name, path in names.items()})
    body = writer.sheet(values_of(sheet, names))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        _add(packed, "mimetype", MEDIA_TYPE.encode(), zipfile.ZIP_STORED)
        _add(packed, "content.xml", content(body).encode())
        _add(packed, "styles.xml", STYLES.encode())
        for name, path in names.items():
            _add(packed, path, sheet.pictures[name], zipfile.ZIP_STORED)
        _add(packed, "META-INF/manifest.xml", _manifest(list(names.values())).encode())
    return buffer.getvalue()


def _add(packed: zipfile.ZipFile, name: str, data: bytes, kind: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type = kind
    packed.writestr(entry, data)


def _manifest(paths: Sequence[str]) -> str:
    entries = [("content.xml", "text/xml"), ("styles.xml", "text/xml")]
    entries += [(path, _TYPES[path.rpartition(".")[2]]) for path in paths]
    lines = [
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>' for path, kind in entries
    ]
    return MANIFEST_HEAD + "".join(lines) + "</manifest:manifest>"


class _Writer:
    """Writes the values of the form as ODF elements. pictures: bytes by path in the file."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._pictures = pictures
        self._tables = 0
        self._frames = 0

    def sheet(self, d: Mapping[str, Any]) -> str:
        """Everything between the office:text tags."""
        return self._internal(d) if d["internal"] else self._sent(d)

    def _sent(self, d: Mapping[str, Any]) -> str:
        seal = self._frame(d["seal"]["file"], 27.0) if d["seal"]["file"] else ""
        omission = f"   [{d['seal']['omission']}]" if d["seal"]["omission"] else ""
        senders = [_p("Sender", text(name)) for name in d["sender-names"]]
        if senders:
            senders[0] = _p("Sender", text(d["sender-names"][0] + omission) + seal)
        return "".join(
            [
                _p("Agency", text(d["agency"])),
                _p("Head", text(f"수신  {d['recipient']}")),
                _p("Head", text(f"(경유)  {d['via']}".rstrip())),
                _p("Title", text(f"제목  {d['title']}")),
                self._blocks(d["blocks"]),
                self._attached(d),
                *senders,
                _p("Small", text("수신자  " + ", ".join(d["recipients"]))) if d["recipients"] else "",
                self._signatures(d["cells"]),
                _p("Small", text("협조자")) + self._signatures(d["helpers"]) if d["helpers"] else "",
                _p("Small", text(f"{d['number-line']}     {d['receipt-line']}".rstrip())),
                *(_p("Small", text(line)) for line in _contact_lines(d)),
            ]
        )

    def _internal(self, d: Mapping[str, Any]) -> str:
        rows = [
            ("생산등록번호", d["number"]),
            ("등록일", d["registered"]),
            ("결재일", d["decided"]),
            ("공개 구분", d["disclosure"]),
        ]
        grid = [[_plain(name), _plain(value)] for name, value in rows]
        return "".join(
            [
                self._table({"columns": 2, "rows": _placed(grid), "head": 0, "weights": [1, 3]}),
                self._signatures(d["cells"]),
                _p("Small", text("협조자")) + self._signatures(d["helpers"]) if d["helpers"] else "",
                _p("Agency", text(d["title"])),
                _p("Centre", text(f"{d['agency']} {d['department']}".strip())),
                self._blocks(d["blocks"]),
                self._attached(d),
            ]
        )

    def _attached(self, d: Mapping[str, Any]) -> str:
        titles = d["attached"]
        lines = [f"{number}. {title}" for number, title in enumerate(titles, 1)] if len(titles) > 1 else list(titles)
        if lines and not d["ended"]:
            lines[-1] += "  끝."
        return "".join(
            _p("Body", _spaced(("붙임  " if place == 0 else "      ") + line)) for place, line in enumerate(lines)
        )

    def _signatures(self, cells: Sequence[Mapping[str, Any]]) -> str:
        if not cells:
            return ""
        upper = [_plain(c["position"] + (" (의견 있음)" if c["opinion"] else "")) for c in cells]
        lower = [_plain(" ".join(part for part in (c["mark"], c["day"], c["sign"]) if part)) for c in cells]
        return self._table(
            {"columns": len(cells), "rows": _placed([upper, lower]), "head": 0, "weights": [1] * len(cells)}
        )

    def _blocks(self, blocks: Sequence[Block]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:
        if block["k"] == "p":
            style = {"center": "Centre", "right": "Right"}.get(block["align"], "Body")
            return _p(style, _spaced(block["indent"]) + "".join(self._run(run) for run in block["runs"]))
        if block["k"] == "list":
            items = "".join(
                f"<text:list-item>{self._blocks(item) or _p('Body', '')}</text:list-item>" for item in block["items"]
            )
            return f'<text:list text:style-name="{"Numbers" if block["ordered"] else "Dots"}">{items}</text:list>'
        caption = _p("Centre", text(block["caption"])) if block["caption"] else ""
        return caption + self._table(block)

    def _run(self, run: Mapping[str, Any]) -> str:
        if "img" in run:
            return self._frame(run["img"], 0.0)
        inside = _spaced(run["t"].replace("\u200b", ""))
        for mark in run["m"]:
            inside = f'<text:span text:style-name="M{mark}">{inside}</text:span>'
        return inside

    def _frame(self, path: str, width: float) -> str:
        """A picture as a letter of the line. width: mm; 0: by its points, as wide as the page at most."""
        across, down = size_of(self._pictures[path])
        wide = width or min(across / _POINTS_A_MM, _WIDEST_MM)
        self._frames += 1
        return (
            f'<draw:frame draw:name="F{self._frames}" text:anchor-type="as-char" svg:width="{wide:.1f}mm" '
            f'svg:height="{wide * down / across:.1f}mm"><draw:image xlink:href="{attribute(path)}" xlink:type="simple" '
            'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>'
        )

    def _table(self, block: Mapping[str, Any]) -> str:
        self._tables += 1
        owners = {(cell["x"], cell["y"]): cell for row in block["rows"] for cell in row}
        covered = {
            (cell["x"] + across, cell["y"] + down)
            for cell in owners.values()
            for across in range(cell["across"])
            for down in range(cell["down"])
        } - set(owners)
        rows = []
        for y in range(len(block["rows"])):
            line = [self._at(owners.get((x, y)), (x, y) in covered) for x in range(block["columns"])]
            rows.append(f"<table:table-row>{''.join(line)}</table:table-row>")
        head = "".join(rows[: block["head"]])
        columns = f'<table:table-column table:number-columns-repeated="{block["columns"]}"/>'
        return (
            f'<table:table table:name="T{self._tables}" table:style-name="Grid">{columns}'
            + (f"<table:table-header-rows>{head}</table:table-header-rows>" if head else "")
            + "".join(rows[block["head"] :])
            + "</table:table>"
        )

    def _at(self, cell: Mapping[str, Any] | None, covered: bool) -> str:
        if covered:
            return "<table:covered-table-cell/>"
        if cell is None:
            return f'<table:table-cell table:style-name="Box">{_p("Cell", "")}</table:table-cell>'
        spans = f' table:number-columns-spanned="{cell["across"]}" table:number-rows-spanned="{cell["down"]}"'
        inside = self._blocks(cell["blocks"]) or _p("Cell", "")
        return f'<table:table-cell table:style-name="Box"{spans}>{inside}</table:table-cell>'


def _p(style: str, inside: str) -> str:
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def _spaced(value: str) -> str:
    """Text whose doubled blanks stay: OpenDocument folds them otherwise."""
    out: list[str] = []
    for number, word in enumerate(text(value).split(" ")):
        if number:
            out.append(" " if word and out and out[-1] != "<text:s/>" and out[-1] else "<text:s/>")
        out.append(word)
    return "".join(out)


def _plain(value: str) -> dict[str, Any]:
    block = {"k": "p", "runs": [{"t": value, "m": ""}], "align": "", "indent": "", "hang": ""}
    return {"across": 1, "down": 1, "blocks": [block]}


def _placed(rows: Sequence[Sequence[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    return [[cell | {"x": x, "y": y} for x, cell in enumerate(row)] for y, row in enumerate(rows)]


def _contact_lines(d: Mapping[str, Any]) -> list[str]:
    contact = d["contact"]
    lines = [
        (contact["place"], contact["homepage"]),
        (contact["telephone"], contact["fax"], contact["email"], d["disclosure"]),
    ]
    return [joined for line in lines if (joined := "  /  ".join(part for part in line if part))]
