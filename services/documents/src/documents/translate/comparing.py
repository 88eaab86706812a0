"""Versions as lines to be compared, and the difference as the gateway gets it; findings of the layout rules likewise."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.errors import Problem
from documents.domain.difference import VALUE, Block, Line, body_lines
from documents.domain.layout import Finding
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import documents_service_pb2 as pb

_KINDS = {
    "same": pb.DiffPiece.KIND_SAME,
    "removed": pb.DiffPiece.KIND_REMOVED,
    "added": pb.DiffPiece.KIND_ADDED,
}
_LEVELS = {1: "공개", 2: "부분공개", 3: "비공개"}


def lines_of(version: Mapping[str, Any], canonical: bytes | None) -> list[Line]:
    """Title, what the manifest holds beside the texts, and the body. canonical: None before a version is frozen."""
    lines = [Line("title", VALUE, version["title"])]
    if canonical is not None:
        lines += _frozen(json.loads(canonical))
    return lines + body_lines(version["body"])


def _frozen(manifest: Mapping[str, Any]) -> Iterable[Line]:
    for _code, printed, refer in manifest["recipients"]:
        yield Line("recipients", VALUE, f"{printed} (참조)" if refer else printed)
    yield Line("sender_name", VALUE, manifest["sender_name"])
    for sha256, name, size in manifest["attachments"]:
        # The hash tells apart what bears the same name; its beginning is enough for people.
        yield Line("attachments", VALUE, f"{name} ({size:,} B, {sha256[:8]})")
    level, items, reason = manifest["disclosure"]
    mark = _LEVELS.get(level, "")
    yield Line(
        "disclosure", VALUE, " ".join([mark + (f"({','.join(map(str, items))})" if items else ""), reason]).strip()
    )
    yield Line("task", VALUE, manifest["task"])


def block(found: Block) -> pb.DiffBlock:
    """A line of the difference."""
    pieces = [pb.DiffPiece(kind=_KINDS[piece.kind], text=piece.text) for piece in found.pieces]
    return pb.DiffBlock(field=found.field, kind=found.kind, pieces=pieces, same=found.same)


def marks_changed() -> pb.DiffBlock:
    """Said when the words are the same and their marks are not: bold, lists, cells, pictures."""
    return pb.DiffBlock(field="marks", kind=VALUE, same=False)


def finding(found: Finding) -> pb.BodyFinding:
    """One remark on a text."""
    return pb.BodyFinding(
        detail=detail(found.problem),
        excerpt=found.excerpt,
        suggestion=found.suggestion,
        must=found.must,
        paragraph=found.paragraph,
    )


def detail(problem: Problem) -> ErrorDetail:
    """A problem as data."""
    return ErrorDetail(code=problem.code, params=problem.params, field=problem.field, source=problem.source)


def findings(layout: Sequence[Finding], body: Sequence[Problem]) -> list[pb.BodyFinding]:
    """What keeps a body from being taken stands first; its field is called as in the other findings."""
    refused = [
        pb.BodyFinding(detail=detail(Problem(each.code, each.params, "body", each.source)), must=True) for each in body
    ]
    return refused + [finding(each) for each in layout]
