"""Real input for the demo: endpoints of three connected systems, an E-nara request with its attachment, a budget batch."""

from datetime import datetime
from importlib import resources
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from tools.budget_batch import make_batch
from tools.suite import Suite

SEOUL = ZoneInfo("Asia/Seoul")
TITLE = "동네책샾 행정정보 공동이용 현황 자료 제출 요청"
BUDGET_RECORDS = 1000
# Bad in the ways the field knows: see adapters/src/adapters/agencies/mpb_budget/NOTES.md.
BUDGET_BAD = {
    "short": 2, "code": 3, "amount": 4, "date": 3, "disclosure": 2, "cut-reason": 2,
    "cut-title": 5, "nul": 5, "triangle": 4, "no-line-end": 1,
}  # fmt: skip
SENDER, RECEIVER = "ADM131000040", "DOC131000001"
# Two requests of one second are two requests: their ADMINISTRATIVE_NUM must differ, or the second is taken for a repeat.
SERIALS = count(1)

ENDPOINTS = """
[[endpoint]]
name = "enara"
system = "ADM131000040"
adapter = "enara"
agency_code = "1310000"
inbox = "enara/in"
taken = "enara/taken"
error = "enara/error"
outbox = "enara/out"

[[endpoint]]
name = "mpb-budget"
adapter = "mpb_budget"
agency_code = "Z090000"
inbox = "mpb-budget/in"
taken = "mpb-budget/taken"
error = "mpb-budget/error"
{answers}
[[endpoint]]
name = "personnel"
adapter = "personnel"
agency_code = "1310000"
inbox = "personnel/in"
taken = "personnel/taken"
error = "personnel/error"

[[endpoint]]
name = "agency-codes"
adapter = "agency_codes"
agency_code = "1310000"
inbox = "agency-codes/in"
taken = "agency-codes/taken"
error = "agency-codes/error"

[[endpoint]]
name = "moct-roads"
adapter = "moct_roads"
agency_code = "Z150000"
inbox = "moct-roads/in"
taken = "moct-roads/taken"
error = "moct-roads/error"
outbox = "moct-roads/out"

[[endpoint]]
name = "kcg-incidents"
adapter = "kcg_incidents"
agency_code = "Z530000"
inbox = "kcg-incidents/in"
taken = "kcg-incidents/taken"
error = "kcg-incidents/error"
outbox = "kcg-incidents/out"

[[endpoint]]
name = "city-incheon"
adapter = "city_incheon"
agency_code = "6280000"
inbox = "city-incheon/in"
taken = "city-incheon/taken"
error = "city-incheon/error"
outbox = "city-incheon/out"

[[endpoint]]
name = "city-cheongju"
adapter = "city_cheongju"
agency_code = "5710000"
inbox = "city-cheongju/in"
taken = "city-cheongju/taken"
error = "city-cheongju/error"
outbox = "city-cheongju/out"

[[endpoint]]
name = "pss-security"
adapter = "pss_security"
agency_code = "Z030000"
inbox = "pss-security/in"
taken = "pss-security/taken"
error = "pss-security/error"
outbox = "pss-security/out"

[[endpoint]]
name = "most-projects"
adapter = "most_projects"
agency_code = "Z350000"
inbox = "most-projects/in"
taken = "most-projects/taken"
error = "most-projects/error"
outbox = "most-projects/out"

[endpoint.soap.served]
path = "/most/projects"
caller = {{ user = "most-projects", password_file = "keys/most-projects.password" }}

[[endpoint]]
name = "records-system"
adapter = "records_system"
agency_code = "1310000"
inbox = "records-system/in"
taken = "records-system/taken"
error = "records-system/error"
outbox = "records-system/out"
takes = ["RecordsHandedOver"]

[[endpoint]]
name = "petition-portal"
adapter = "petition_portal"
agency_code = "1310000"
inbox = "petition-portal/in"
taken = "petition-portal/taken"
error = "petition-portal/error"
outbox = "petition-portal/out"
takes = ["PetitionStatusReported"]

[[endpoint]]
name = "open-documents"
adapter = "open_documents"
agency_code = "1310000"
outbox = "open-documents/out"
takes = ["DocumentDisclosed"]

[[endpoint]]
name = "relay"
adapter = "relay"
agency_code = "1310000"
inbox = "relay/receive"
taken = "relay/receivetemp"
error = "relay/receiveerr"
outbox = "{delivered}"
receivers = ["*"]
"""


def write_endpoints(suite: Suite, delivered: Path, *, answers: bool = True) -> None:
    """Writes the operator's file and makes the folders."""
    reported = (
        "personnel/in", "agency-codes/in", "moct-roads/in", "kcg-incidents/in", "pss-security/in", "records-system/in",
        "petition-portal/in", "city-incheon/in", "city-cheongju/in",
    )  # fmt: skip
    for folder in ("enara/in", "enara/out", "mpb-budget/in", "relay/receive", *reported):
        (suite.transport / folder).mkdir(parents=True, exist_ok=True)
    delivered.mkdir(parents=True, exist_ok=True)
    suite.endpoints_file.write_text(
        ENDPOINTS.format(delivered=delivered, answers='outbox = "mpb-budget/out"\n' if answers else ""),
        encoding="utf-8",
    )


def drop_enara_request(suite: Suite, now: datetime) -> str:
    """Puts a message directory into E-nara's folder, its marker last; answers its ADMINISTRATIVE_NUM."""
    local = now.astimezone(SEOUL)
    serial = next(SERIALS)
    number = f"APP{local:%Y%m%d%H%M%S}{serial:03d}"
    folder = suite.transport / "enara" / "in" / f"kimdy{SENDER}{RECEIVER}{local:%Y%m%d%H%M%S}{serial:05d}"
    data = resources.files("tools.demo") / "data"
    text = (data / "exchange.xml").read_text(encoding="utf-8")
    header = {
        "type": "send",
        "date": f"{local:%Y-%m-%d %H:%M:%S}",
        "sender": SENDER,
        "receiver": RECEIVER,
        "sender_userid": "kimdy",
        "receiver_userid": "kimdy",
        "sender_email": "kimdy@mogaha.example",
        "sender_orgname": "행정자치부",
        "sender_systemname": "행정정보 공동이용",
        "administrative_num": number,
    }
    folder.mkdir(parents=True)
    # The prolog declares EUC-KR; like the field's own files the bytes are CP949 (샾 is not in EUC-KR).
    body = text.format(created=f"{local:%Y-%m-%d %H:%M:%S}", number=number)
    (folder / "exchange.xml").write_bytes(body.encode("cp949"))
    (folder / "header.inf").write_bytes("".join(f"{key}={value}\r\n" for key, value in header.items()).encode("cp949"))
    (folder / "attach_1.hwpx").write_bytes((data / "SimpleTable.hwpx").read_bytes())
    (folder / "eof.inf").write_bytes(b"")
    return number


def drop_budget_batch(
    suite: Suite, name: str, records: int = BUDGET_RECORDS, bad: dict[str, int] | None = None, *, seed: int = 2026
) -> None:
    """Puts a budget batch into its folder by rename."""
    folder = suite.transport / "mpb-budget" / "in"
    temporary = folder / f"{name}.tmp"
    temporary.write_bytes(make_batch(records, BUDGET_BAD if bad is None else bad, seed, uniform=bad == {}))
    temporary.rename(folder / name)
