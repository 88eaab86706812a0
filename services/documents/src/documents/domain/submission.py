"""What a submission has to bring. Everything registration needs is checked here, because a decided document must be registered.

행정업무규정 8-10: one final decision, last; 시행규칙 5: unit task; 정보공개법 9. All problems are collected, none hides another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chassis.errors import Problem
from documents.domain import body, disclosure

DRAFT, DECIDE, AFTER = "draft", "decide", "after"
LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Person:
    """An official in a line, known by our id or by a legacy system's."""

    official_id: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as far as the rules look at it. done: already acted on in a legacy system."""

    role: str
    person: Person
    done: bool = False
    # False: a role, mode or outcome this release does not know.
    known: bool = True


@dataclass(frozen=True, slots=True)
class Addressee:
    """A recipient by code; government: in the code table."""

    code: str
    government: bool = True


@dataclass(frozen=True, slots=True)
class Submission:
    """A document on its way into its line. system: who asserts the legacy ids; empty for our own people."""

    title: str
    body: str
    system: str
    endpoint: str
    agency_code: str
    department_code: str
    sender_name: str
    task_code: str
    disclosure: tuple[int, Sequence[int], str]
    recipients: Sequence[Addressee] = ()
    steps: Sequence[Step] = ()
    attachment_hashes: Sequence[bytes] = ()
    # Of our own people, from their token; empty for legacy systems, which must be allowed to speak for the agency.
    agency_id: str = ""
    # Texts that are stored as such, by field.
    texts: Sequence[tuple[str, str]] = ()


class Unit(Protocol):
    """Agency or department as the directory has it."""

    code: str
    name: str
    agency_id: str
    is_agency: bool
    time_zone: str


class Directory(Protocol):
    """What the rules ask the directory."""

    def unit(self, code: str) -> Unit | None:
        """The unit that bears a code today."""
        ...

    def agency(self, agency_id: str) -> object | None:
        """The agency with a stable id, today."""
        ...

    def successors(self, code: str) -> Sequence[str] | None:
        """Codes that have followed a code; None when it was never known."""
        ...

    def may_speak(self, system: str, agency_id: str) -> bool:
        """Whether a system may speak for an agency."""
        ...

    def official(self, system: str, person: Person, agency_id: str) -> str:
        """Id of the official behind a legacy id or our own, when active in the agency; empty when not."""
        ...

    def department_of(self, official_id: str, agency_id: str) -> str:
        """Code of the department of an official's first post in the agency; empty when there is none."""
        ...

    def may_file(self, task_code: str, department_code: str) -> bool | None:
        """Whether a department files under a unit task; None when the task is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """Resolved ids, or the problems that forbid the submission."""

    problems: Sequence[Problem]
    agency_id: str = ""
    department_code: str = ""
    officials: Sequence[str] = field(default_factory=tuple)


def judge(submission: Submission, directory: Directory) -> Judgement:
    """Judges a submission against the directory of today."""
    problems: list[Problem] = []
    agency = directory.unit(submission.agency_code)
    agency_id = submission.agency_id or (agency.agency_id if agency else "")
    if not agency_id or directory.agency(agency_id) is None:
        params = {"code": submission.agency_code}
        problems.append(Problem("agency-unknown", params, "document.sender.agency.code", "기관코드"))
        _check_path(submission.steps, problems)
        _check_content(submission, problems)
        _check_recipients(submission, directory, problems)
        return Judgement(problems)
    if not submission.agency_id and not any(
        system and directory.may_speak(system, agency_id) for system in (submission.system, submission.endpoint)
    ):
        params = {"system": submission.system or submission.endpoint, "agency": submission.agency_code}
        problems.append(Problem("client-system-not-allowed", params, "origin.system"))
    _check_path(submission.steps, problems)
    officials = _officials(submission, agency_id, directory, problems)
    drafter = officials[0] if officials else ""
    department = submission.department_code or (directory.department_of(drafter, agency_id) if drafter else "")
    _check_department(department, agency_id, submission, directory, problems)
    _check_content(submission, problems)
    _check_recipients(submission, directory, problems)
    return Judgement(problems, agency_id, department, officials)


def _check_path(steps: Sequence[Step], problems: list[Problem]) -> None:
    source = "행정업무규정 10①"
    for number, step in enumerate(steps):
        if not step.known:
            problems.append(Problem("step-kind-unknown", {}, f"document.steps[{number}].role"))
    in_path = [step for step in steps if step.role != AFTER]
    finals = [step for step in in_path if step.role == DECIDE]
    if not steps or steps[0].role not in {DRAFT, DECIDE}:
        problems.append(Problem("draft-step-missing", {}, "document.steps", "행정업무규정 8"))
    if not finals:
        problems.append(Problem("final-step-missing", {}, "document.steps", source))
    elif len(finals) > 1:
        problems.append(Problem("final-step-doubled", {"count": str(len(finals))}, "document.steps", source))
    elif in_path[-1] is not finals[0]:
        problems.append(Problem("final-step-not-last", {}, "document.steps", source))
    elif finals[0].done:
        problems.append(Problem("final-step-decided", {}, "document.steps", source))


def _officials(submission: Submission, agency_id: str, directory: Directory, problems: list[Problem]) -> list[str]:
    found = []
    for number, step in enumerate(submission.steps):
        official = directory.official(submission.system, step.person, agency_id)
        if not official:
            params = {"person": step.person.external_id or step.person.official_id, "system": submission.system}
            problems.append(Problem("unknown-official", params, f"document.steps[{number}].person"))
        found.append(official)
    return found


def _check_department(
    department: str, agency_id: str, submission: Submission, directory: Directory, problems: list[Problem]
) -> None:
    unit = directory.unit(department) if department else None
    if unit is None or unit.agency_id != agency_id:
        params = {"code": department}
        problems.append(
            Problem("department-unknown", params, "document.sender.department.code", "공공기록물법 시행령 20③")
        )
        return
    may_file = directory.may_file(submission.task_code, department)
    if may_file is None:
        params = {"code": submission.task_code}
        problems.append(Problem("unknown-task", params, "document.task.code", "공공기록물법 시행령 25"))
    elif not may_file:
        params = {"code": submission.task_code, "department": department}
        problems.append(Problem("task-of-another-department", params, "document.task.code", "공공기록물법 시행령 25"))


def _check_content(submission: Submission, problems: list[Problem]) -> None:
    if not submission.title.strip():
        problems.append(Problem("title-missing", {}, "document.title"))
    elif len(submission.title) > LONGEST_TITLE:
        problems.append(Problem("title-too-long", {"limit": str(LONGEST_TITLE)}, "document.title"))
    problems += body.problems_of(submission.body)
    problems += disclosure.problems_of(*submission.disclosure)
    problems += [Problem("nul-inside", {}, place) for place, text in submission.texts if "\x00" in text]
    for number, sha256 in enumerate(submission.attachment_hashes):
        if len(sha256) != 32:
            problems.append(Problem("attachment-hash-missing", {}, f"document.attachments[{number}].sha256"))


def _check_recipients(submission: Submission, directory: Directory, problems: list[Problem]) -> None:
    if submission.recipients and not submission.sender_name.strip():
        problems.append(Problem("sender-name-missing", {}, "document.sender_name", "행정업무규정 13"))
    problems += recipient_problems(submission.recipients, directory, "document.recipients")


def recipient_problems(
    recipients: Sequence[Addressee], directory: Directory, field_path: str, taken: Iterable[str] = ()
) -> list[Problem]:
    """What is wrong with recipients: codes that cannot be, are not borne any more, or come twice. taken: have a copy already."""
    problems: list[Problem] = []
    seen = set(taken)
    for number, recipient in enumerate(recipients):
        place = f"{field_path}[{number}].code"
        if recipient.code in seen:
            problems.append(Problem("recipient-doubled", {"code": recipient.code}, place))
        seen.add(recipient.code)
        if len(recipient.code) != 7 or not (recipient.code.isascii() and recipient.code.isalnum()):
            problems.append(Problem("recipient-code-invalid", {"code": recipient.code}, place, "기관코드"))
        elif recipient.government and directory.unit(recipient.code) is None:
            successors = directory.successors(recipient.code)
            if successors is None:
                problems.append(Problem("recipient-unknown", {"code": recipient.code}, place, "기관코드"))
            else:
                params = {"code": recipient.code, "successors": " ".join(successors)}
                problems.append(Problem("recipient-abolished", params, place, "기관코드"))
    return problems
