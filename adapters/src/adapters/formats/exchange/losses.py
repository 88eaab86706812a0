"""Fits a message to the generation it shall be written in: checks words, takes out what that generation has no place for."""

import dataclasses
from collections.abc import Iterator

from adapters.formats.exchange.docinfo import DocInfo, External
from adapters.formats.exchange.model import Exchange, Request
from adapters.formats.exchange.vocabulary import (
    DOC_KINDS,
    FLOW_TYPES,
    NOTIFICATIONS,
    ORG_TYPES,
    READING_BOUNDS,
    READING_LIMITS,
    SANCTION_RESULTS,
    SANCTION_TYPES,
    SOURCE_DOCUMENT_TYPES,
    STATUSES,
    SYSTEM_TYPES,
    TASK_CARD_TYPES,
    Generation,
)
from adapters.formats.findings import Finding, loss, reject


def fit(exchange: Exchange, generation: Generation) -> tuple[Exchange, list[Finding]]:
    """Give the message as the generation can hold it.

    Returns:
        The message, and `generation-lacks` (loss) for each part taken out, `attribute-value-unknown` and
        `element-missing` (reject) for what forbids writing.

    """
    findings: list[Finding] = []
    if generation == "exchange":
        exchange = _older(exchange, findings)
    findings += _words(exchange, generation)
    return exchange, findings


def _older(exchange: Exchange, findings: list[Finding]) -> Exchange:
    """Take out what the interface of 2006 lacks."""
    direction = exchange.direction
    lost: dict[str, object]
    if isinstance(direction, Request):
        lost = {"DOC_INFO": direction.doc_info, "BODY_MODIFICATIONFLAG": direction.body_modification}
        direction = dataclasses.replace(direction, doc_info=None, body_modification=None)
    else:
        lost = {"BODY_TEXT": direction.body_text, "BODY_MODIFICATIONFLAG": direction.body_modification}
        direction = dataclasses.replace(direction, body_text=None, body_modification=None)
    body = exchange.body
    if body is not None:
        lost |= {"BODY@filename": body.filename, "BODY@desc": body.desc}
        body = dataclasses.replace(body, filename=None, desc=None)
    lost["ADMINISTRATIVE_INFO"] = exchange.administrative_info
    findings += [loss("generation-lacks", path) for path, value in lost.items() if value is not None]
    return dataclasses.replace(exchange, direction=direction, body=body, administrative_info=None)


def _words(exchange: Exchange, generation: Generation) -> Iterator[Finding]:
    direction = exchange.direction
    pairs: list[tuple[str, str, tuple[str, ...]]] = []
    if isinstance(direction, Request):
        pairs.append(("TO_DOCUMENT_SYSTEM@notification", direction.notification, NOTIFICATIONS[generation]))
        pairs += _doc_info_words(direction.doc_info)
    else:
        pairs.append(("SANCTION_INFO@status", direction.status, STATUSES))
        if not direction.lines:
            yield reject("element-missing", "SANCTION_INFO/LINES")
    for line in direction.lines:
        pairs.append(("SANCTION@type", line.type, SANCTION_TYPES[generation]))
        pairs.append(("SANCTION@result", line.result, SANCTION_RESULTS[generation]))
    for path, value, allowed in pairs:
        if value not in allowed:
            yield reject("attribute-value-unknown", path, value=value, allowed=" ".join(allowed))


def _doc_info_words(info: DocInfo | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if info is None:
        return
    for path, coded, allowed in (
        ("DOCGUBUN@type", info.doc_kind, DOC_KINDS),
        ("READINGBOUND@type", info.reading_bound, READING_BOUNDS),
        ("READINGLIMIT@type", info.reading_limit, READING_LIMITS),
    ):
        if coded is not None:
            yield path, coded.code, allowed
    for card in info.task_cards:
        yield "TASKCARD@type", card.type, TASK_CARD_TYPES
    for ref in info.sources.documents if info.sources else ():
        yield "DOCUMENT@type", ref.type, SOURCE_DOCUMENT_TYPES
    for each in info.enforcement.external if info.enforcement else ():
        if isinstance(each, External):
            yield "ORGTYPE@typecode", each.org_type.code, ORG_TYPES
            yield "SYSTEMTYPE@typecode", each.system_type.code, SYSTEM_TYPES
            yield "FLOWTYPE@typecode", each.flow_type.code, FLOW_TYPES
