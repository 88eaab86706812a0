"""An `exchange.xml` with its files to `RequestReceived` or `ResultReported`."""

from collections.abc import Mapping

from adapters.agencies.enara import bodies, files, keys
from adapters.agencies.enara.cards import Cards
from adapters.agencies.enara.lines import Lines, asker_of
from adapters.canonical import moments
from adapters.canonical.kept import keep
from adapters.canonical.table import Table
from adapters.formats.charset import decode_declared
from adapters.formats.exchange import Exchange, HeaderInf, Modification, Request, Result, read_header_inf
from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import RequestReceived, RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import (
    ApprovalStep,
    Notification,
    OfficialDocument,
    StepOutcome,
    StepRole,
)

_BACK = frozenset(
    {
        StepOutcome.STEP_OUTCOME_RETURNED,
        StepOutcome.STEP_OUTCOME_STOPPED,
        StepOutcome.STEP_OUTCOME_WITHDRAWN,
    }
)


class Reading:
    """Makes messages of exchanges."""

    def __init__(self, manifest: Manifest, table: Table, lines: Lines, cards: Cards) -> None:
        self._table = table
        self._lines = lines
        self._cards = cards
        self._notifications = {code: Notification.Value(word) for code, word in manifest.codes("notification").items()}
        self._constants: Mapping[str, str] = manifest.tables["constants"]

    def request(
        self, exchange: Exchange, request: Request, parts: Mapping[str, bytes], findings: list[Finding], *, bare: bool
    ) -> tuple[str, RequestReceived, dict[bytes, bytes]]:
        """Make the message of a request; answers its identity and the files' bytes, too."""
        message = RequestReceived()
        document = message.document
        info = request.doc_info
        self._table.put(_flat(exchange, request), message, findings)
        message.origin.notification = self._notifications.get(request.notification, Notification.NOTIFICATION_ALL)
        server = exchange.sender.server_id
        agency = keys.agency_of(server)
        if not agency:
            findings.append(reject("server-id-invalid", "SENDER/SERVERID", value=server))
        message.origin.agency_code = document.sender.agency.code = agency
        if not exchange.administrative_num.strip():
            # Half of the key: requests without it would be taken for one another.
            findings.append(reject("element-empty", "COMMON/ADMINISTRATIVE_NUM"))
        steps, words = self._lines.read(request.lines, exchange.generation, server, findings)
        document.steps.extend(steps)
        _sender(document, steps)
        for key, value in words.items():
            document.extensions[key] = value
        if exchange.generation == "exchange":
            document.extensions["enara.generation"] = "exchange"
        if request.modification != Modification():
            keep(document, "enara.MODIFICATION_FLAG", request.modification)
        keep(document, "enara.BODY_MODIFICATIONFLAG", request.body_modification)
        keep(document, "enara.ADDENDA", exchange.addenda)
        keep(document, "enara.ADMINISTRATIVE_INFO", exchange.administrative_info)
        if info is not None:
            self._cards.read(info, document, findings)
        document.body = _body(exchange, parts, document, findings, bare=bare)
        blobs = files.read(exchange, parts, document, findings, bare=bare)
        if exchange.attach_count != str(len(exchange.attachments.files) if exchange.attachments else 0):
            document.extensions["enara.ATTACHNUM"] = exchange.attach_count
        _header(parts, document, findings)
        address = self._address(exchange, steps)
        message.origin.natural_key = address.key()
        return address.identity, message, blobs

    def _address(self, exchange: Exchange, steps: list[ApprovalStep]) -> keys.Address:
        """Give the request's key, with what an answer needs and could not know otherwise."""
        server, sender, receiver = exchange.sender.server_id, exchange.sender, exchange.receiver
        usual = self._constants["document_server"].format(agency=keys.agency_of(server))
        asker = asker_of(steps)
        return keys.Address(
            exchange.administrative_num,
            server,
            generation=exchange.generation if exchange.generation != self._constants["generation"] else "",
            to=receiver.server_id if receiver.server_id != usual else "",
            user=sender.user_id if sender.user_id != asker else "",
            by=receiver.user_id if receiver.user_id != sender.user_id else "",
        )

    def result(self, exchange: Exchange, result: Result, findings: list[Finding]) -> tuple[str, ResultReported]:
        """Make the message of an answer; answers a key that every state of one request has for itself."""
        message = ResultReported(title=exchange.title)
        server = exchange.receiver.server_id
        message.origin.system, message.origin.agency_code = server, keys.agency_of(server)
        steps, _ = self._lines.read(result.lines, exchange.generation, "", findings)
        message.steps.extend(steps)
        message.origin.natural_key = self._address(_turned(exchange), steps).key()
        moment = moments.read_stamp(exchange.created_date)
        if moment is not None:
            message.reported_at.FromDatetime(moment)
        elif exchange.created_date:
            findings.append(loss("date-unreadable", "COMMON/CREATED_DATE", value=exchange.created_date))
        wanted = self._constants["document_id_addendum"]
        message.document_id = next((each.text for each in exchange.addenda if each.name == wanted), "")
        if result.doc_number or result.doc_number_code:
            _registration(message, result, findings)
        message.status = _status(result, steps)
        identity = f"{exchange.administrative_num}@{server}"
        return f"{identity}:{exchange.created_date}:{result.status}", message


def _turned(exchange: Exchange) -> Exchange:
    """Give an answer as the request it answers was addressed."""
    return Exchange(
        exchange.receiver, exchange.sender, exchange.title, exchange.created_date, "0", exchange.administrative_num,
        exchange.direction, generation=exchange.generation,
    )  # fmt: skip


def _flat(exchange: Exchange, request: Request) -> dict[str, str | None]:
    info = request.doc_info
    return {
        "COMMON/ADMINISTRATIVE_NUM": exchange.administrative_num,
        "SENDER/SERVERID": exchange.sender.server_id,
        "SENDER/USERID": exchange.sender.user_id,
        "SENDER/EMAIL": exchange.sender.email,
        "RECEIVER/SERVERID": exchange.receiver.server_id,
        "RECEIVER/USERID": exchange.receiver.user_id,
        "RECEIVER/EMAIL": exchange.receiver.email,
        "COMMON/TITLE": exchange.title,
        "COMMON/CREATED_DATE": exchange.created_date,
        "DOC_INFO/SUMMARY": info.summary if info else None,
        "DOC_INFO/SENDORGNAME": info.send_org_name if info else None,
        "ENFORCEMENT/SENDNAME": info.enforcement.send_name if info and info.enforcement else None,
    }


def _sender(document: OfficialDocument, steps: list[ApprovalStep]) -> None:
    """Take the department in charge from the drafter: PERSON says DEPT and ORG as names, or as codes of 7."""
    drafter = next((step for step in steps if step.role == StepRole.STEP_ROLE_DRAFT), steps[0] if steps else None)
    if drafter is None:
        return
    sender = document.sender
    for unit, said in ((sender.agency, drafter.person.organisation), (sender.department, drafter.person.department)):
        if len(said) == 7 and said.isascii() and said.isalnum():
            unit.code = unit.code or said
        elif said:
            unit.name = said


def _body(
    exchange: Exchange, parts: Mapping[str, bytes], document: OfficialDocument, findings: list[Finding], *, bare: bool
) -> str:
    body = exchange.body
    if body is None:
        return ""
    document.extensions["enara.BODY"] = "yes"
    if not body.filename:
        if body.desc is not None:
            document.extensions["enara.BODY@desc"] = body.desc
        return bodies.read(body.text, findings)
    document.extensions["enara.BODY@filename"] = body.filename
    if body.desc is not None:
        document.extensions["enara.BODY@desc"] = body.desc
    if not files.is_text(body.filename):
        return bodies.read(body.text, findings)
    data = parts.get(body.filename)
    if data is None:
        if bare or not body.text.strip():
            findings.append(reject("attachment-missing", "BODY@filename", name=body.filename))
        return bodies.read(body.text, findings)
    try:
        decoded = decode_declared(data, "euc-kr", field="BODY")
    except FormatError as error:
        findings += error.findings
        return ""
    findings += decoded.findings
    return bodies.read(decoded.text, findings)


def _header(parts: Mapping[str, bytes], document: OfficialDocument, findings: list[Finding]) -> None:
    """Keep what `header.inf` says beyond `exchange.xml`."""
    data = parts.get("header.inf")
    if data is None:
        return
    try:
        header, found = read_header_inf(data)
    except FormatError as error:
        findings += error.findings
        return
    findings += found
    beside = HeaderInf(
        type=header.type or "send",
        sender_orgname=header.sender_orgname,
        sender_systemname=header.sender_systemname,
        others=header.others,
    )
    if beside != HeaderInf():
        keep(document, "enara.header", beside)


def header_of(exchange: Exchange, before: HeaderInf) -> HeaderInf:
    """Make `header.inf` of an exchange; names of organisation and system stay those of the header before."""
    return HeaderInf(
        type=before.type,
        date=exchange.created_date,
        sender=exchange.sender.server_id,
        receiver=exchange.receiver.server_id,
        sender_userid=exchange.sender.user_id,
        receiver_userid=exchange.receiver.user_id,
        sender_email=exchange.sender.email or "",
        sender_orgname=before.sender_orgname,
        sender_systemname=before.sender_systemname,
        administrative_num=exchange.administrative_num,
        others=before.others,
    )


def _registration(message: ResultReported, result: Result, findings: list[Finding]) -> None:
    """Take the number apart; its year is that of the last step done, since the code has none."""
    number = message.registration
    number.text = result.doc_number
    code = result.doc_number_code
    if len(code) == 13 and code[7:].isdecimal():
        number.department_code, number.serial = code[:7], int(code[7:])
    else:
        findings.append(loss("value-unmapped", "DOCNUM@docnumcode", value=code))
    done = [step.acted_at for step in message.steps if step.HasField("acted_at")]
    last = max(done, key=lambda moment: moment.seconds) if done else message.reported_at
    number.year = moments.korean(last).year


def _status(result: Result, steps: list[ApprovalStep]) -> RequestStatus.ValueType:
    if result.status == "완료":
        return RequestStatus.REQUEST_STATUS_REGISTERED
    if any(step.outcome in _BACK for step in steps):
        return RequestStatus.REQUEST_STATUS_RETURNED
    return RequestStatus.REQUEST_STATUS_IN_PROGRESS
