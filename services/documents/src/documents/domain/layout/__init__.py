"""Rules of the official layout (행정업무규정 7, 시행규칙 2-4): title and body -> ``check`` -> findings, ``correct`` -> body."""

from documents.domain.layout.amounts import won_in_words
from documents.domain.layout.checking import check, correct
from documents.domain.layout.finding import Finding

__all__ = ["Finding", "check", "correct", "won_in_words"]
