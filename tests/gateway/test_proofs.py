"""A signature under a decision is verified from what was handed out alone, and nothing that was changed passes."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from approval.domain import proofs as tree
from gateway.page import Page
from gateway.views.proof import broken, proof_file, proof_view, way_up
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.common.v1.actor_pb2 import Actor
from support.authenticator import ORIGIN, SoftAuthenticator, b64
from support.rendered import BOXES, TITLE, checked, moment

HASHES = some.lists(some.binary(min_size=32, max_size=32), min_size=1, max_size=20)


def signed(count: int = 3, index: int = 1, origin: str = ORIGIN, *, verified: bool = True) -> pb.DecisionProof:
    """A proof as approval hands it out, signed by a device of one's own."""
    device = SoftAuthenticator(verifies=verified)
    device.make(json.dumps({"rp": {"id": "localhost"}, "user": {"id": b64(b"u")}, "challenge": b64(b"c")}))
    decisions = [
        tree.Signed(uuid4(), number, bytes([number]) * 32, "approve", tree.opinion_hash("좋습니다"), 0, "off-9")
        for number in range(count)
    ]
    leaves = [tree.leaf(each) for each in decisions]
    root = tree.root(leaves)
    options = {"rpId": "localhost", "challenge": b64(root), "allowCredentials": [{"id": device.keys[0].id}]}
    return pb.DecisionProof(
        line_id=str(decisions[index].line_id),
        decided_version=index,
        manifest_hash=decisions[index].manifest_hash,
        action="approve",
        opinion_hash=decisions[index].opinion_hash,
        acting_for="off-9",
        leaf=leaves[index],
        leaf_index=index,
        leaf_count=count,
        path=tree.paths(leaves)[index],
        root=root,
        credential_json=device.prove(json.dumps(options), origin),
        public_key=device.keys[0].cose,
        official_id="off-1",
        signed_at=moment(),
    )


def entry(proof: pb.DecisionProof, official: str = "off-1") -> pb.LineHistoryEntry:
    return pb.LineHistoryEntry(
        line_id=proof.line_id,
        version=proof.decided_version + 1,
        act="approve",
        opinion="좋습니다",
        actor=Actor(official_id=official, name="박정훈", position="과장", acting_for="off-9"),
        manifest_hash=proof.manifest_hash,
    )


@pytest.mark.parametrize(("count", "index"), [(1, 0), (2, 1), (7, 6), (7, 3)])
def test_what_was_signed_holds(count: int, index: int) -> None:
    assert broken(signed(count, index)) == set()


def test_whatever_is_changed_no_longer_holds() -> None:
    proof = signed()
    changes = {
        "leaf": {
            "manifest_hash": b"x" * 32,
            "decided_version": 9,
            "line_id": str(UUID(int=7)),
            "action": "return",
            "opinion_hash": b"x" * 32,
            "return_to": 2,
            "acting_for": "off-8",
        },
        "path": {"leaf_index": 0, "leaf_count": 2, "path": [b"y" * 32]},
        "signature": {"public_key": signed().public_key, "credential_json": "{}"},
    }
    for what, fields in changes.items():
        for name, value in fields.items():
            other = pb.DecisionProof()
            other.CopyFrom(proof)
            other.ClearField(name)
            other.MergeFrom(pb.DecisionProof(**{name: value}))
            assert what in broken(other), name
    other = signed()
    proof.root = other.root
    assert broken(proof) == {"path", "signature"}


@pytest.mark.parametrize("proof", [signed(origin="http://localhost.example:8080"), signed(verified=False)])
def test_a_signature_from_elsewhere_or_by_nobody_in_person_does_not_hold(proof: pb.DecisionProof) -> None:
    assert broken(proof) == {"signature"}


@given(HASHES, some.data())
def test_every_way_of_every_tree_leads_to_its_root(leaves: list[bytes], data: some.DataObject) -> None:
    index = data.draw(some.integers(0, len(leaves) - 1))
    path = tree.paths(leaves)[index]
    way = way_up(leaves[index], index, len(leaves), path)
    assert way is not None
    assert (way[-1].result if way else leaves[index].hex()) == tree.root(leaves).hex()
    assert way_up(leaves[index], index, len(leaves), [*path, b"z" * 32]) is None


def test_the_history_must_tell_the_same(page: Page) -> None:
    proof = signed()
    version = proof.decided_version + 1
    other, alone = entry(proof), entry(proof)
    other.opinion = "아닙니다"
    alone.actor.acting_for = ""
    for told, holds in (
        ([entry(proof)], True),
        ([entry(proof, "off-2")], False),
        ([other], False),
        ([alone], False),
        ([], False),
    ):
        view = proof_view(page.reader, proof, version, told)
        assert (view.holds, view.checks[-1][1], view.checks[0][1]) == (holds, holds, True)


def test_the_file_holds_all_that_is_needed() -> None:
    proof = signed()
    told = json.loads(proof_file(proof, 2))
    assert bytes.fromhex(told["root"]) == proof.root
    assert told["credential"]["response"]["signature"]
    assert [bytes.fromhex(each) for each in told["path"]] == list(proof.path)


def test_the_page_says_what_was_signed_and_how_to_verify_it(page: Page) -> None:
    proof = signed()
    view = proof_view(page.reader, proof, 2, [entry(proof)])
    values = {"document_id": "doc", "title": TITLE, "who": "과장 박정훈", "strength": "", "texts": [(2, TITLE)]}
    more = {"address": "/proofs/l/2", "command": "python -m approval verify l 2", "formulas": ("a", "b")}
    html = checked(page.html("proof.html", boxes=BOXES, here="", proof=view, **values, **more))
    for told in (proof.root.hex(), proof.leaf.hex(), view.way[0].beside, ORIGIN, "/proofs/l/2/file"):
        assert told in html
    assert html.count('class="holds"') == 4
    unsigned = checked(page.html("proof.html", boxes=BOXES, here="", proof=None, **values, **more))
    assert "way-root" not in unsigned
