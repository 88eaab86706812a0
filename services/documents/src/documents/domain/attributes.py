"""Which attributes the exchange standard's subset keeps, and in what form (xhtml4pubdoc.mod)."""

import re

from documents.domain.body import problems_of
from documents.domain.markup import CELLS, Node, opening

_SPAN = re.compile(r"[1-9]\d{0,2}\Z")
_LENGTH = re.compile(r"\d{1,4}(?:\.\d{1,2})?(?:mm|%)?\Z")
_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s\"'<>\\]{1,2000}\Z", re.IGNORECASE)
# A picture is named as the attachment that holds it is; nothing is fetched from elsewhere.
PICTURE = re.compile(r"[^/\\:<>\"'&]{1,200}\.(?:png|jpe?g|gif)\Z", re.IGNORECASE)
_STYLE = re.compile(r"\s*(text-indent|margin-left)\s*:\s*(-?\d{1,3}(?:\.\d{1,2})?mm)\s*\Z", re.IGNORECASE)
_ALIGNS = {"left": "left", "center": "center", "right": "right", "adjust": "adjust", "justify": "adjust"}
_VALIGNS = {"top", "middle", "bottom", "baseline"}
_SCOPES = {"row", "col", "rowgroup", "colgroup"}


def kept(tag: str, found: dict[str, str]) -> dict[str, str]:
    """The attributes that may stand on an element of the subset, out of those that stood there."""
    values = {name: value.strip() for name, value in found.items()}
    made: dict[str, str] = {}
    if tag == "p":
        made = _aligned(values, set()) | _styled(values)
    elif tag == "a" and _LINK.match(values.get("href", "")):
        made = {"href": values["href"]}
    elif tag == "img":
        made = {"src": values.get("src", ""), "alt": values.get("alt", "")} | _sized(values, ("width", "height"))
    elif tag == "table":
        made = _sized(values, ("width",)) | _aligned(values, set())
    elif tag == "col":
        made = _sized(values, ("width",)) | _spans(values, ("span",))
    elif tag in CELLS:
        made = _spans(values, ("colspan", "rowspan")) | _sized(values, ("width", "height")) | _aligned(values, _VALIGNS)
        made |= {"scope": values["scope"]} if tag == "th" and values.get("scope") in _SCOPES else {}
    # A value that reads like something running would be refused later: then the element stands bare.
    return {} if problems_of(opening(Node(tag, made))) else made


def _aligned(values: dict[str, str], upright: set[str]) -> dict[str, str]:
    style = dict(part.split(":", 1) for part in values.get("style", "").lower().split(";") if ":" in part)
    wanted = values.get("align", "").lower() or {key.strip(): each for key, each in style.items()}.get("text-align", "")
    made = {"align": _ALIGNS[wanted.strip()]} if wanted.strip() in _ALIGNS else {}
    standing = values.get("valign", "").lower()
    return made | ({"valign": standing} if standing in upright else {})


def _styled(values: dict[str, str]) -> dict[str, str]:
    parts = [found for part in values.get("style", "").split(";") if (found := _STYLE.match(part))]
    return {"style": "; ".join(f"{found[1].lower()}: {found[2].lower()}" for found in parts)} if parts else {}


def _sized(values: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: values[name] for name in names if _LENGTH.match(values.get(name, ""))}


def _spans(values: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: values[name] for name in names if _SPAN.match(values.get(name, "")) and values[name] != "1"}
