"""The Jinja environment: escaping on, gettext in the reader's language, the few functions templates may use."""

from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from gateway.assets import Files
from gateway.counts import BoxCount
from gateway.i18n import LANGUAGES, Reader, fill
from gateway.settings import Settings


def environment(files: Files, settings: Settings) -> Environment:
    """The environment all pages render with."""
    made = Environment(
        loader=PackageLoader("gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        _=_text,
        asset=files.address,
        grouped=grouped,
        style=files.style,
        import_map=Markup(files.import_map),  # noqa: S704
        languages=LANGUAGES,
        refresh_seconds=settings.refresh_seconds,
    )
    return made


def grouped(boxes: Iterable[BoxCount]) -> list[tuple[str, list[BoxCount]]]:
    """Boxes under their headings, in the order they come in."""
    groups: dict[str, list[BoxCount]] = {}
    for box in boxes:
        groups.setdefault(box.group, []).append(box)
    return list(groups.items())


@pass_context
def _text(context: Context, message: str, **params: Any) -> Markup:
    """A message in the reader's language; values are escaped, the message itself is ours."""
    reader: Reader = context["reader"]
    return Markup(fill(escape(reader.text(message)), {key: escape(value) for key, value in params.items()}))  # noqa: S704
