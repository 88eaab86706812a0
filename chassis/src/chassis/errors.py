"""Errors as data: stable codes with parameters, rendered in the reader's language only at the edge.

A refusal (NotFound, Conflict, Invalid, Forbidden) is an outcome of the domain: ``decide`` may return it as a value, an
edge may raise it. Transient means: the same request may succeed later. Everything else that is raised is a bug.

    OnnaraError
    +-- RefusalError
    |   +-- NotFoundError
    |   +-- ConflictError
    |   +-- InvalidError
    |   +-- ForbiddenError
    +-- TransientError
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    code: kebab-case and stable. params: what the rendered sentence needs. field: path of the offending value, empty for
    the whole. source: the article, table or format description it violates.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    field: str = ""
    source: str = ""


class OnnaraError(Exception):
    """Base of all errors that carry problems as data."""

    def __init__(
        self,
        code: str,
        *,
        params: Mapping[str, object] | None = None,
        field: str = "",
        source: str = "",
        more: tuple[Problem, ...] = (),
    ) -> None:
        first = Problem(code, {key: str(value) for key, value in (params or {}).items()}, field, source)
        self.problems: tuple[Problem, ...] = (first, *more)
        super().__init__(code)

    @property
    def code(self) -> str:
        """Code of the first problem."""
        return self.problems[0].code

    def __str__(self) -> str:
        return "; ".join(f"{p.code} {dict(p.params)} {p.field}".strip() for p in self.problems)


class RefusalError(OnnaraError):
    """The domain says no. Nothing has changed; repeating the request changes nothing."""


class NotFoundError(RefusalError):
    """What was named does not exist, or is not visible to the caller."""


class ConflictError(RefusalError):
    """The state has moved on, or somebody else was first."""


class InvalidError(RefusalError):
    """The request breaks a rule; the problem names the field and the rule."""


class ForbiddenError(RefusalError):
    """The caller may not do this in this capacity."""


class TransientError(OnnaraError):
    """Not now: a server is away, or something this depends on has not arrived yet."""


def problems_of(error: BaseException) -> tuple[Problem, ...]:
    """Problems of any error; a bug yields the code ``internal`` with its type and no content."""
    if isinstance(error, OnnaraError):
        return error.problems
    return (Problem("internal", {"type": type(error).__name__}),)
