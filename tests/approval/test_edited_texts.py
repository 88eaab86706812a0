"""Texts edited on the way: reviewers and approvers sign what they have changed; who co-operates may only comment."""

import hashlib
from uuid import uuid4

import pytest

from approval.domain.manifests import Edit, edit_of
from chassis.envelope import Incoming
from chassis.errors import ConflictError, InvalidError
from chassis.ids import uuid7
from chassis.messaging.inbox import Inbox
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.documents.v1.events_pb2 import ManifestStored
from support.approval_lines import HOME, MANIFEST, SUBMITTED, official, person, submission

FIRST, SECOND = hashlib.sha256(b"first").digest(), hashlib.sha256(b"second").digest()


async def store(approval, content, who, wanted, base=MANIFEST, title="도로 점용 변경 허가") -> None:
    message = ManifestStored(
        document_id=str(content.document_id), line_id=str(content.line_id), manifest_hash=wanted, base_hash=base,
        author_id=official(who), title=title, attachment_count=5, has_recipients=False,
    )  # fmt: skip
    envelope = Incoming(
        uuid7(),
        message.DESCRIPTOR.full_name,
        HOME,
        person(who).to_dict(),
        "journey",
        SUBMITTED,
        message.SerializeToString(),
    )
    [subscription] = [each for each in approval.parts.subscriptions if each.message is ManifestStored]
    await Inbox(approval.parts.worker).handle(subscription, [envelope, envelope])


async def act(approval, content, version, who, manifest, action=pb.ACTION_APPROVE, opinion=""):
    request = pb.DecideRequest(
        request_id=uuid4().hex, line_id=str(content.line_id), expected_version=version, manifest_hash=manifest,
        action=action, opinion=opinion,
    )  # fmt: skip
    return await approval.call("Decide", request, who)


async def test_a_reviewer_signs_what_they_have_made_of_it(approval) -> None:
    content = submission()
    await approval.submit(content)
    with pytest.raises(ConflictError, match="manifest-changed"):
        await act(approval, content, 1, "reviewer", SECOND)
    await store(approval, content, "reviewer", FIRST)
    await store(approval, content, "reviewer", SECOND, FIRST, "둘째 제목")
    await store(approval, content, "partner", FIRST)
    with pytest.raises(ConflictError, match="manifest-changed"):
        await act(approval, content, 1, "reviewer", SECOND, pb.ACTION_HOLD, "보류")
    await act(approval, content, 1, "reviewer", SECOND)
    line = await approval.line(content.line_id)
    assert (line.manifest_hash, line.title, line.attachment_count, line.has_recipients) == (
        SECOND, "둘째 제목", 5, False,
    )  # fmt: skip
    assert (line.steps[0].manifest_hash, line.steps[1].manifest_hash) == (MANIFEST, SECOND)
    event = events.LineChanged.FromString((await approval.events())[-1]["payload"])
    assert event.manifest_hash == SECOND
    # What was there before is not what is decided on any more.
    with pytest.raises(ConflictError, match="manifest-changed"):
        await act(approval, content, 2, "partner", MANIFEST)


async def test_who_cooperates_comments_only(approval) -> None:
    content = submission()
    await approval.submit(content)
    await act(approval, content, 1, "reviewer", MANIFEST)
    await store(approval, content, "partner", FIRST)
    with pytest.raises(InvalidError, match="action-not-for-role") as refused:
        await act(approval, content, 2, "partner", FIRST)
    assert refused.value.problems[0].source == "행정업무규정 9③④"
    # Nor does anybody sign what somebody else has written.
    with pytest.raises(ConflictError, match="manifest-changed"):
        await act(approval, content, 2, "colleague", FIRST)


async def test_an_approver_decides_on_their_own_text(approval) -> None:
    content = submission(submission().steps[5:6])
    await approval.submit(content)
    await store(approval, content, "chief", FIRST)
    answer = await act(approval, content, 1, "chief", FIRST)
    assert answer.status == events.LINE_STATUS_DECIDED


def test_edits_are_followed_back_to_what_the_line_stands_at() -> None:
    def edit(wanted: bytes, base: bytes, author: str = "a") -> Edit:
        return Edit(wanted, base, author, wanted.decode(), 0, False)

    edits = [
        edit(b"3", b"2"),
        edit(b"2", b"1"),
        edit(b"5", b"4"),
        edit(b"6", b"1", "b"),
        edit(b"7", b"8"),
        edit(b"8", b"7"),
    ]
    found = edit_of(edits, "a", b"1", b"3")
    assert found
    assert found.title == "3"
    assert edit_of(edits, "a", b"1", b"5") is None
    assert edit_of(edits, "a", b"1", b"6") is None
    # A ring leads nowhere, and comes to an end.
    assert edit_of(edits, "a", b"1", b"7") is None
