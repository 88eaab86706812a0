"""The XHTML subset a document's body may use (`xhtml4pubdoc.mod`): any HTML into it, and the check that it is valid."""

from adapters.formats.xhtml.clean import inner, sanitise, validate

__all__ = ["inner", "sanitise", "validate"]
