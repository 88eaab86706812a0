"""Texts and attributes as XML takes them."""

import re
from html import escape

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text(value: str) -> str:
    """Character data."""
    return escape(_UNSEEN.sub("", value), quote=False)


def attribute(value: str) -> str:
    """Value of an attribute in double quotes."""
    return escape(_UNSEEN.sub("", value))


def leaf(tag: str, value: str) -> str:
    """An element with nothing but text."""
    return f"<{tag}>{text(value)}</{tag}>"


def optional(tag: str, value: str) -> str:
    """The same, or nothing without a value."""
    return leaf(tag, value) if value else ""
