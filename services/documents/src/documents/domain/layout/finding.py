"""What was found in a text, and how it should be."""

from dataclasses import dataclass, field

from chassis.errors import Problem

RULE = "행정업무규정 시행규칙"
DECREE = "행정업무규정"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. excerpt: the words it is about; suggestion: as they should be, empty when a person has to decide.

    must: form the law requires and ``correct`` can mend; all else is advice. paragraph: number of the passage, from 0.
    """

    problem: Problem
    excerpt: str = ""
    suggestion: str = ""
    must: bool = False
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Text [start:end] of a passage and what should stand there. code, params and source as in the finding."""

    start: int
    end: int
    new: str
    code: str
    source: str
    params: dict[str, str] = field(default_factory=dict)
    must: bool = True

    def finding(self, text: str, paragraph: int, field_name: str = "body") -> Finding:
        """The remark for a reader of the text."""
        problem = Problem(self.code, self.params, field_name, self.source)
        return Finding(problem, text[self.start : self.end], self.new, self.must, paragraph)
