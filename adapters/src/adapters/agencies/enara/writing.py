"""`RequestReceived` and `ResultReported` to an `exchange.xml` of either generation, with its `header.inf` and files."""

import datetime as dt
import zlib
from collections.abc import Mapping

from adapters.agencies.enara import files, keys
from adapters.agencies.enara.cards import Cards
from adapters.agencies.enara.lines import Lines, asker_of
from adapters.agencies.enara.reading import header_of
from adapters.canonical import moments
from adapters.canonical.kept import kept
from adapters.canonical.table import Table
from adapters.contract import Item, Outgoing
from adapters.formats.exchange import (
    Addendum,
    AdministrativeInfo,
    Attachments,
    Body,
    Exchange,
    FileRef,
    Generation,
    HeaderInf,
    MessageName,
    Modification,
    Party,
    Request,
    Result,
    build_message_name,
    write_exchange,
    write_header_inf,
)
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.formats.koreantime import KST, spoken
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import RequestReceived, RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification, OfficialDocument

_UNSAID = ("via", "seal", "registration", "enforced_on", "retention", "keywords", "contact")


class Writing:
    """Makes message directories."""

    def __init__(self, manifest: Manifest, table: Table, lines: Lines, cards: Cards) -> None:
        self._table = table
        self._lines = lines
        self._cards = cards
        self._notifications = {Notification.Value(word): code for code, word in manifest.codes("notification").items()}
        self._constants: Mapping[str, str] = manifest.tables["constants"]

    def request(self, outgoing: Outgoing, message: RequestReceived, findings: list[Finding]) -> Item:
        """Make the directory of a request. Raises FormatError."""
        document = message.document
        values = self._table.take(message)
        generation = keys.generation_of(document.extensions.get("enara.generation", ""))
        refs, parts = files.write(document, outgoing.blobs, findings)
        body = _body(document, parts)
        listed = tuple(refs.get("attach", ()))
        exchange = Exchange(
            sender=Party(values["SENDER/SERVERID"], values["SENDER/USERID"], values["SENDER/EMAIL"] or None),
            receiver=Party(values["RECEIVER/SERVERID"], values["RECEIVER/USERID"], values["RECEIVER/EMAIL"] or None),
            title=values["COMMON/TITLE"],
            created_date=values["COMMON/CREATED_DATE"],
            attach_count=document.extensions.get("enara.ATTACHNUM") or str(len(listed)),
            administrative_num=values["COMMON/ADMINISTRATIVE_NUM"],
            direction=Request(
                notification=self._notification(message, generation, findings),
                lines=self._lines.write(document.steps, generation, document.extensions, findings),
                modification=kept(document, "enara.MODIFICATION_FLAG", Modification) or Modification(),
                body_modification=kept(document, "enara.BODY_MODIFICATIONFLAG", Modification),
                doc_info=self._cards.write(document, values),
            ),
            addenda=kept(document, "enara.ADDENDA", tuple[Addendum, ...]) or (),
            body=body,
            attachments=_attachments(listed, refs),
            administrative_info=kept(document, "enara.ADMINISTRATIVE_INFO", AdministrativeInfo),
            generation=generation,
        )
        findings += [
            loss("value-not-carried", field.name, value="")
            for field, _ in document.ListFields()
            if field.name in _UNSAID
        ]
        before = kept(document, "enara.header", HeaderInf) or HeaderInf()
        return self._item(outgoing, exchange, before, parts, findings, serial=1)

    def _notification(self, message: RequestReceived, generation: Generation, findings: list[Finding]) -> str:
        """Give how far the asker wants to hear; the interface of 2006 has no `none` and hears of the end."""
        word = self._notifications.get(message.origin.notification, "all")
        if word == "none" and generation == "exchange":
            findings.append(loss("value-not-carried", "origin.notification", value=word))
            return "final"
        return word

    def result(self, outgoing: Outgoing, message: ResultReported, findings: list[Finding]) -> Item:
        """Make the directory of an answer, in the generation of its request. Raises FormatError."""
        address = keys.parse(message.origin.natural_key)
        generation = keys.generation_of(address.generation or self._constants["generation"])
        when = self._moment(message)
        if when is None:
            raise FormatError([reject("value-missing", "reported_at")])
        if not message.steps:
            raise FormatError([reject("value-missing", "steps")])
        asker = address.user or asker_of(message.steps)
        usual = self._constants["document_server"].format(agency=keys.agency_of(address.server))
        exchange = Exchange(
            sender=Party(address.to or usual, address.by or asker),
            receiver=Party(address.server, asker),
            title=message.title,
            created_date=spoken(when),
            attach_count="0",
            administrative_num=address.number,
            direction=Result(
                doc_number=message.registration.text,
                doc_number_code=_number_code(message),
                status="완료" if message.status == RequestStatus.REQUEST_STATUS_REGISTERED else "진행",
                lines=self._lines.write(message.steps, generation, {}, findings),
            ),
            addenda=self._addenda(message),
            generation=generation,
        )
        header = HeaderInf(sender_systemname=self._constants["system_name"])
        serial = zlib.crc32(f"{address.number}:{message.version}".encode()) % 99_999 + 1
        return self._item(outgoing, exchange, header, {}, findings, serial=serial)

    def _moment(self, message: ResultReported) -> dt.datetime | None:
        """Give when the answer was given; without that, when the last step was done."""
        if message.HasField("reported_at"):
            return moments.korean(message.reported_at)
        done = [moments.korean(step.acted_at) for step in message.steps if step.HasField("acted_at")]
        return max(done, default=None)

    def _addenda(self, message: ResultReported) -> tuple[Addendum, ...]:
        if not message.document_id:
            return ()
        return (Addendum(self._constants["document_id_addendum"], message.document_id),)

    def _item(
        self, outgoing: Outgoing, exchange: Exchange, before: HeaderInf, parts: dict[str, bytes],
        findings: list[Finding], *, serial: int,
    ) -> Item:  # fmt: skip
        """Write the directory, `eof.inf` last: receivers take a directory for whole when it is there."""
        if rejected(findings):
            raise FormatError(finding for finding in findings if finding.severity == "reject")
        data = write_exchange(exchange, exchange.generation, report=findings)
        header = write_header_inf(header_of(exchange, before), unencodable="substitute", report=findings)
        name = outgoing.name or _name(exchange, serial)
        return Item(name, {"exchange.xml": data, "header.inf": header, **parts, "eof.inf": b""})


def _name(exchange: Exchange, serial: int) -> str:
    when = moments.read_stamp(exchange.created_date)
    if when is None:
        raise FormatError([reject("date-unreadable", "COMMON/CREATED_DATE", value=exchange.created_date)])
    receiver, sender = exchange.receiver, exchange.sender
    return build_message_name(
        MessageName(receiver.user_id, sender.server_id, receiver.server_id, when.astimezone(KST), serial)
    )


def _body(document: OfficialDocument, parts: dict[str, bytes]) -> Body | None:
    """Give BODY; a body that came in a file of its own goes back into one."""
    kept_as = document.extensions
    if not document.body and "enara.BODY" not in kept_as:
        return None
    filename, desc = kept_as.get("enara.BODY@filename"), kept_as.get("enara.BODY@desc")
    if filename is None or not files.is_text(filename):
        return Body(document.body, filename, desc)
    parts[filename] = document.body.encode("cp949", "xmlcharrefreplace")
    return Body("", filename, desc)


def _attachments(listed: tuple[FileRef, ...], refs: Mapping[str, list[FileRef]]) -> Attachments | None:
    forms = [next(iter(refs.get(role, ())), None) for role in ("xml", "xsl")]
    return Attachments(listed, *forms) if listed or any(forms) else None


def _number_code(message: ResultReported) -> str:
    """Give department 7 + serial 6; empty while there is no number."""
    number = message.registration
    return f"{number.department_code}{number.serial:06d}" if message.HasField("registration") and number.serial else ""
