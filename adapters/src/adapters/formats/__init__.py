"""Codecs of the formats the field speaks: bytes in, plain frozen dataclasses out, and back. Pure, no agency, no I/O."""
