"""Codes -> sentences for the reader: refusals, findings, with what to do about them. The tables are the catalogues (``i18n``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chassis.errors import Problem
from gateway.i18n import Reader
from onnara.common.v1 import error_pb2


def problem_of(detail: error_pb2.ErrorDetail) -> Problem:
    """The problem an ErrorDetail stands for."""
    return Problem(detail.code, dict(detail.params), detail.field, detail.source)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One problem as the reader sees it. advice: what to do, may be empty. known: False when only the code can be shown."""

    text: str
    advice: str
    code: str
    field: str
    source: str
    known: bool


def sentence(reader: Reader, problem: Problem) -> Sentence:
    """The problem in the reader's language; an unknown code is shown as it is, with its values."""
    named = problem.params.get("label", "") if reader.language == "ko" else ""
    params = {"field": problem.field, **problem.params} | ({"field": named} if named else {})
    text = reader.coded("problem", problem.code, params)
    advice = reader.coded("advice", problem.code, params) or ""
    if text is None:
        values = ", ".join(f"{key}={value}" for key, value in problem.params.items() if key != "label")
        text = reader.text("Refused for a reason this release has no words for ({code})", code=problem.code)
        text = f"{text}: {values}" if values else text
        return Sentence(text, advice, problem.code, problem.field, problem.source, known=False)
    return Sentence(text, advice, problem.code, problem.field, problem.source, known=True)


def sentences(reader: Reader, problems: Iterable[Problem]) -> list[Sentence]:
    """All problems, in order."""
    return [sentence(reader, problem) for problem in problems]


def from_details(reader: Reader, details: Iterable[error_pb2.ErrorDetail]) -> list[Sentence]:
    """Problems as they arrive in messages."""
    return [sentence(reader, problem_of(detail)) for detail in details]


def happening(reader: Reader, event: str, params: Mapping[str, str]) -> str:
    """The sentence of a history entry; an unknown event shows its name."""
    return reader.coded("event", event, params) or event
