"""What becomes of each record: in = registered + quarantined + in flight, to the end of the way.

Pure: rows and messages in, rows and messages out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.formats.findings import Finding
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.exchange.v1.events_pb2 import RequestStatus
from onnara.exchange.v1.official_document_pb2 import Notification

STATE_OF_STATUS: Mapping[int, str] = {
    RequestStatus.REQUEST_STATUS_IN_PROGRESS: "in-flight",
    RequestStatus.REQUEST_STATUS_RETURNED: "returned",
    RequestStatus.REQUEST_STATUS_REGISTERED: "registered",
}


def reasons_of(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as stored beside a record: code, params, field, place; never text."""
    return [
        {
            "code": finding.code,
            "params": dict(finding.params)
            | ({"offset": str(finding.offset)} if finding.offset is not None else {})
            | ({"length": str(finding.length)} if finding.length is not None else {}),
            "field": finding.field or "",
            "source": "",
            "severity": finding.severity,
        }
        for finding in findings
    ]


def reasons_of_errors(errors: Iterable[ErrorDetail]) -> list[dict[str, Any]]:
    """A service's refusal as stored beside the record it refused."""
    return [
        {"code": e.code, "params": dict(e.params), "field": e.field, "source": e.source, "severity": "reject"}
        for e in errors
    ]


def detail_of(reason: Mapping[str, Any]) -> ErrorDetail:
    """A stored reason as the contract has it."""
    return ErrorDetail(code=reason["code"], params=reason["params"], field=reason["field"], source=reason["source"])


def wants_result(notification: int, status: int) -> bool:
    """Whether the asking system wants this report: all of them, only the last, or none."""
    if notification == Notification.NOTIFICATION_NONE:
        return False
    if notification == Notification.NOTIFICATION_FINAL:
        return status in {RequestStatus.REQUEST_STATUS_REGISTERED, RequestStatus.REQUEST_STATUS_RETURNED}
    return True
