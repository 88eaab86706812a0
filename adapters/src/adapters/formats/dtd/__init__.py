"""Document types of the exchange standard and of the link, and the validator that holds output against them."""

from adapters.formats.dtd.validate import DtdName, validate, validate_element

__all__ = ["DtdName", "validate", "validate_element"]
