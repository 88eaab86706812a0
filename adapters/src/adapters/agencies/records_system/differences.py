"""What of a hand-over its lists do not say: the message that was written against the one that is read from what was written."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.message import Message

from adapters.formats.findings import Finding, loss, reject


def findings_of(wanted: Message, got: Message, lost: Sequence[str]) -> list[Finding]:
    """One finding a path; a loss where the manifest knows that there is no column (`lost`), else a refusal."""
    found: dict[str, str] = {}
    for path, value in _differing(wanted, got, ""):
        found.setdefault(path, value)
    return [
        (loss if any(path == each or path.startswith(f"{each}.") for each in lost) else reject)(
            "value-not-carried", path, value=value
        )
        for path, value in found.items()
    ]


def _differing(wanted: Any, got: Any, path: str) -> Iterator[tuple[str, str]]:
    for field in wanted.DESCRIPTOR.fields:
        one, other = getattr(wanted, field.name), getattr(got, field.name)
        if one == other:
            continue
        here = f"{path}.{field.name}" if path else field.name
        if field.message_type is None:
            yield here, _short(one)
        elif not field.is_repeated:
            yield from _below(one, other, here)
        elif len(one) != len(other):
            yield here, _short(f"{len(one)}, {len(other)}")
        else:
            for each, again in zip(one, other, strict=True):
                yield from _below(each, again, here)


def _below(one: Message, other: Message, path: str) -> Iterator[tuple[str, str]]:
    # Present and empty is not the same as absent, and says nothing, either.
    yield from _differing(one, other, path)


def _short(value: object) -> str:
    said = value.hex() if isinstance(value, bytes) else " ".join(str(value).split())
    return said if len(said) <= 60 else f"{said[:60]}…"
