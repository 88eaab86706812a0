"""PDF by Typst: a sheet's values and pictures in a folder of their own -> the form -> PDF/A-2b bytes.

What people wrote reaches Typst as JSON only. The compiler sees that folder and the fonts, nothing else.
"""

import contextlib
import json
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal, TypeAlias

import typst

from documents.rendering.pictures import ending_of
from documents.rendering.sheet import Sheet
from documents.rendering.values import values_of

Standard: TypeAlias = Literal["a-2b", "1.7"]
STANDARD: Final[Standard] = "a-2b"
PLAIN: Final[Standard] = "1.7"


class Typesetter:
    """Sets sheets. fonts: folder with OpenType or TrueType fonts that hold Hangul; nothing of the system is used."""

    def __init__(self, fonts: Path) -> None:
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        self._fonts = found
        # Of a collection for several languages the Korean forms come first.
        self._families = sorted(found.families(), key=lambda name: (not name.endswith((" KR", " K")), name))
        if not self._families:
            raise ValueError(f"no fonts in {fonts}")
        self._form = (files("documents.rendering") / "form.typ").read_bytes()

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF/A-2b, or as plain PDF when it has a sign that no font shows: the archive's form forbids those.

        A picture Typst cannot read is left out and named in its place.
        """
        pictures = {name: data for name, data in sheet.pictures.items() if ending_of(data)}
        for standard, shown in ((STANDARD, pictures), (PLAIN, pictures)):
            with contextlib.suppress(typst.TypstError):
                return self._set(sheet, shown, standard)
        return self._set(sheet, {}, PLAIN)

    def _set(self, sheet: Sheet, pictures: Mapping[str, bytes], standard: Standard) -> bytes:
        with tempfile.TemporaryDirectory(prefix="onnara-sheet-") as folder:
            names = {name: f"{number}.{ending_of(data)}" for number, (name, data) in enumerate(pictures.items())}
            for name, data in pictures.items():
                (Path(folder) / names[name]).write_bytes(data)
            values = values_of(sheet, names) | {"fonts": self._families}
            (Path(folder) / "data.json").write_text(json.dumps(values, ensure_ascii=False), "utf-8")
            compiler = typst.Compiler(root=folder, font_paths=self._fonts, ignore_system_fonts=True)
            made = compiler.compile(self._form, format="pdf", pdf_standards=standard)
        if not isinstance(made, bytes):
            raise TypeError("typst answered no bytes")
        return made
