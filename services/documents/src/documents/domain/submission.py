"""What a submission has to bring. Everything registration needs is checked here, because a decided document must be registered.

행정업무규정 8-10: one final decision, last, of other agencies' heads behind it; 시행규칙 5: unit task; 정보공개법 9. All problems
are collected, none hides another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from chassis.errors import Problem
from documents.domain import body, disclosure, lines
from documents.domain.lines import Person, Step
from documents.domain.registration import Kind

__all__ = ["Addressee", "Judgement", "Person", "Step", "Submission", "judge", "judge_text", "recipient_problems"]

LONGEST_TITLE = 500
JOINT = "행정업무규정 8③"
TASKS = "공공기록물법 시행령 25"
KINDS = frozenset({0, *Kind})
SEAL_KINDS = frozenset(range(1, 5))
READING_RANGES = frozenset(range(6))
READING_LIMITS = frozenset(range(4))
UNTIL_DAY = 3


@dataclass(frozen=True, slots=True)
class Addressee:
    """A recipient by code; government: in the code table. known: of a kind this release knows.

    name: as printed. Companies and citizens may have no code: what goes to them is sent by hand.
    """

    code: str
    government: bool = True
    known: bool = True
    name: str = ""


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
    kind: int = 0
    # What stands beside the sender's name; 0: not said.
    seal_kind: int = 0
    # Range, limit and its day.
    reading: tuple[int, int, str] = (0, 0, "")
    # Codes of the other agencies of a joint draft.
    joint: Sequence[str] = ()
    # Texts that are stored as such, by field.
    texts: Sequence[tuple[str, str]] = ()


class Unit(Protocol):
    """Agency or department as the directory has it."""

    code: str
    name: str
    agency_id: str
    is_agency: bool
    served_here: bool
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

    def retention(self, task_code: str) -> int:
        """Retention period of a unit task, as Retention numbers it; 0: none is known."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """Resolved ids, or the problems that forbid the submission."""

    problems: Sequence[Problem]
    agency_id: str = ""
    department_code: str = ""
    officials: Sequence[str] = field(default_factory=tuple)
    # Stable ids of the other agencies of a joint draft.
    joint: Sequence[str] = field(default_factory=tuple)


def judge(submission: Submission, directory: Directory) -> Judgement:
    """Judges a submission against the directory of today."""
    problems: list[Problem] = []
    agency = directory.unit(submission.agency_code)
    agency_id = submission.agency_id or (agency.agency_id if agency else "")
    if not agency_id or directory.agency(agency_id) is None:
        params = {"code": submission.agency_code}
        problems.append(Problem("agency-unknown", params, "document.sender.agency.code", "기관코드"))
        lines.check_path(submission.steps, frozenset(), problems)
        _check_text(submission, directory, problems)
        return Judgement(problems)
    if not submission.agency_id and not any(
        system and directory.may_speak(system, agency_id) for system in (submission.system, submission.endpoint)
    ):
        params = {"system": submission.system or submission.endpoint, "agency": submission.agency_code}
        problems.append(Problem("client-system-not-allowed", params, "origin.system"))
    joint = joint_agencies(submission.joint, agency_id, directory, problems)
    lines.check_path([_home(step, agency_id) for step in submission.steps], frozenset(joint), problems)
    officials = _officials(submission, agency_id, directory, problems)
    drafter = officials[0] if officials else ""
    department = submission.department_code or (directory.department_of(drafter, agency_id) if drafter else "")
    _check_department(department, agency_id, submission, directory, problems)
    _check_text(submission, directory, problems)
    return Judgement(problems, agency_id, department, officials, joint)


def judge_text(submission: Submission, directory: Directory) -> Sequence[Problem]:
    """What is wrong with a text whose line runs already: everything but agency and line."""
    problems: list[Problem] = []
    _check_department(submission.department_code, submission.agency_id, submission, directory, problems)
    _check_text(submission, directory, problems)
    return problems


def joint_agencies(
    codes: Sequence[str], agency_id: str, directory: Directory, problems: list[Problem]
) -> tuple[str, ...]:
    """Stable ids of the other agencies of a joint draft, in order: served here, not the lead itself, each once."""
    found: list[str] = []
    for number, code in enumerate(codes):
        place = f"document.joint_agencies[{number}].code"
        unit = directory.unit(code)
        if unit is None or not unit.is_agency:
            problems.append(Problem("joint-agency-unknown", {"code": code}, place, JOINT))
        elif not unit.served_here:
            problems.append(Problem("joint-agency-elsewhere", {"code": code}, place, JOINT))
        elif unit.agency_id == agency_id:
            problems.append(Problem("joint-agency-own", {"code": code}, place, JOINT))
        elif unit.agency_id in found:
            problems.append(Problem("joint-agency-doubled", {"code": code}, place, JOINT))
        else:
            found.append(unit.agency_id)
    return tuple(found)


def _home(step: Step, agency_id: str) -> Step:
    """A step that names the document's own agency names no other."""
    return replace(step, agency_id="") if step.agency_id == agency_id else step


def _officials(submission: Submission, agency_id: str, directory: Directory, problems: list[Problem]) -> list[str]:
    found = []
    for number, step in enumerate(submission.steps):
        home = step.agency_id or agency_id
        official = directory.official(submission.system, step.person, home)
        if not official and step.asks_department:
            _check_asked(step.department_code, home, f"document.steps[{number}]", directory, problems)
        elif not official:
            params = {"person": step.person.external_id or step.person.official_id, "system": submission.system}
            problems.append(Problem("unknown-official", params, f"document.steps[{number}].person"))
        found.append(official)
    return found


def _check_asked(code: str, agency_id: str, place: str, directory: Directory, problems: list[Problem]) -> None:
    unit = directory.unit(code)
    if unit is None or unit.agency_id != agency_id or unit.is_agency:
        problems.append(Problem("department-unknown", {"code": code}, f"{place}.department_code"))


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
    code, place = submission.task_code, "document.task.code"
    if not code.strip():
        problems.append(Problem("task-missing", {}, place, TASKS))
        return
    may_file = directory.may_file(code, department)
    if may_file is None:
        problems.append(Problem("unknown-task", {"code": code}, place, TASKS))
    elif not may_file:
        problems.append(Problem("task-of-another-department", {"code": code, "department": department}, place, TASKS))
    elif not directory.retention(code):
        problems.append(Problem("task-without-retention", {"code": code}, place, "공공기록물법 시행령 26"))


def _check_text(submission: Submission, directory: Directory, problems: list[Problem]) -> None:
    _check_content(submission, problems)
    _check_recipients(submission, directory, problems)
    _check_management(submission, problems)


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


def _check_management(submission: Submission, problems: list[Problem]) -> None:
    """Kind of document and who reads it (관리정보)."""
    if submission.kind not in KINDS:
        params = {"kind": str(submission.kind)}
        problems.append(Problem("document-kind-unknown", params, "document.kind", "행정업무규정 4"))
    reach, limit, day = submission.reading
    if reach not in READING_RANGES or limit not in READING_LIMITS:
        params = {"range": str(reach), "limit": str(limit)}
        problems.append(Problem("reading-range-unknown", params, "document.reading_range"))
    if limit == UNTIL_DAY and not _is_day(day):
        problems.append(Problem("reading-limit-day-missing", {"day": day}, "document.reading_limit_until"))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_recipients(submission: Submission, directory: Directory, problems: list[Problem]) -> None:
    if submission.recipients and not submission.sender_name.strip():
        problems.append(Problem("sender-name-missing", {}, "document.sender_name", "행정업무규정 13"))
    if submission.agency_id:
        _check_sending(submission, problems)
    for number, recipient in enumerate(submission.recipients):
        if not recipient.known:
            problems.append(Problem("recipient-kind-unknown", {}, f"document.recipients[{number}].kind"))
    problems += recipient_problems(submission.recipients, directory, "document.recipients")


def _check_sending(submission: Submission, problems: list[Problem]) -> None:
    """What our own people say about seal and sender name; what an old system says of them is its own affair."""
    if submission.recipients and submission.seal_kind not in SEAL_KINDS:
        # Whether a seal may be left out is the approver's answer, not a rule of form.
        problems.append(Problem("seal-kind-missing", {}, "document.seal.kind", "행정업무규정 14"))
    if not submission.recipients and submission.sender_name.strip():
        problems.append(Problem("sender-name-of-internal", {}, "document.sender_name", "행정업무규정 13③"))


def recipient_problems(
    recipients: Sequence[Addressee], directory: Directory, field_path: str, taken: Iterable[str] = ()
) -> list[Problem]:
    """What is wrong with recipients: codes that cannot be, are not borne any more, or come twice. taken: codes, or names, that have a copy already."""
    problems: list[Problem] = []
    seen = set(taken)
    for number, recipient in enumerate(recipients):
        place = f"{field_path}[{number}].code"
        named = recipient.code or recipient.name
        if named in seen:
            problems.append(Problem("recipient-doubled", {"code": named}, place))
        seen.add(named)
        if not recipient.code and not recipient.government:
            if not recipient.name.strip():
                problems.append(Problem("recipient-name-missing", {}, f"{field_path}[{number}].printed_as"))
        elif len(recipient.code) != 7 or not (recipient.code.isascii() and recipient.code.isalnum()):
            problems.append(Problem("recipient-code-invalid", {"code": recipient.code}, place, "기관코드"))
        elif recipient.government and directory.unit(recipient.code) is None:
            successors = directory.successors(recipient.code)
            if successors is None:
                problems.append(Problem("recipient-unknown", {"code": recipient.code}, place, "기관코드"))
            else:
                params = {"code": recipient.code, "successors": " ".join(successors)}
                problems.append(Problem("recipient-abolished", params, place, "기관코드"))
    return problems
