"""The tree that a passkey signs: against RFC 6962's own definition, every path leads to the root, nothing else does."""

import hashlib
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval.domain.proofs import Signed, leaf, opinion_hash, paths, root, root_of, verify_path

HASHES = st.binary(min_size=32, max_size=32)
LEAVES = st.lists(HASHES, min_size=1, max_size=40)
LINE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def defined(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962 2.1 defines it, by splitting at the largest power of two below the count."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + defined(leaves[:half]) + defined(leaves[half:])).digest()


@given(LEAVES)
def test_the_root_is_that_of_rfc_6962_and_every_path_leads_to_it(leaves) -> None:
    expected = defined(leaves)
    assert root(leaves) == expected
    found = paths(leaves)
    assert len(found) == len(leaves)
    for index, (each, path) in enumerate(zip(leaves, found, strict=True)):
        assert verify_path(each, index, len(leaves), path, expected)
        assert root_of(each, index, len(leaves), (*path, b"x" * 32)) is None
        assert not path or root_of(each, index, len(leaves), path[:-1]) is None


@given(LEAVES, st.data())
def test_no_other_leaf_place_or_path_leads_to_the_root(leaves, data) -> None:
    expected, index = root(leaves), data.draw(st.integers(0, len(leaves) - 1))
    path = paths(leaves)[index]
    stranger = data.draw(HASHES.filter(lambda each: each not in leaves))
    assert not verify_path(stranger, index, len(leaves), path, expected)
    other = data.draw(st.integers(-1, len(leaves) + 1).filter(lambda place: place != index))
    assert not verify_path(leaves[index], other, len(leaves), path, expected) or leaves.count(leaves[index]) > 1
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        bent = (*path[:at], bytes([path[at][0] ^ 1]) + path[at][1:], *path[at + 1 :])
        assert not verify_path(leaves[index], index, len(leaves), bent, expected)


def test_a_leaf_is_made_of_all_that_an_act_says() -> None:
    manifest, said = bytes(range(32)), hashlib.sha256("보완".encode()).digest()
    content = b"\x00" + LINE.bytes + (7).to_bytes(8, "big") + manifest + (2).to_bytes(4, "big") + said
    signed = Signed(LINE, 7, manifest, "return", opinion_hash(" 보완\n"), 2, "off-1")
    assert leaf(signed) == hashlib.sha256(content + b"return\x00off-1").digest()


def test_every_part_of_a_decision_changes_its_leaf() -> None:
    manifest, said = bytes(32), opinion_hash("")
    variants = {
        leaf(Signed(*values))
        for values in (
            (LINE, 1, manifest, "approve", said),
            (uuid4(), 1, manifest, "approve", said),
            (LINE, 2, manifest, "approve", said),
            (LINE, 1, b"x" * 32, "approve", said),
            (LINE, 1, manifest, "return", said),
            (LINE, 1, manifest, "approve", opinion_hash("보완")),
            (LINE, 1, manifest, "approve", said, 1),
            (LINE, 1, manifest, "approve", said, 0, "off-1"),
        )
    }
    assert len(variants) == 8


WORDS = st.text(st.characters(codec="utf-8"), max_size=9)


@given(st.tuples(WORDS.filter(lambda word: "\0" not in word), WORDS), st.tuples(WORDS, WORDS))
def test_no_two_acts_have_the_same_leaf(one: tuple[str, str], other: tuple[str, str]) -> None:
    """The two parts without a fixed length cannot be cut in another place."""
    if one == other or "\0" in other[0]:
        return
    leaves = {leaf(Signed(LINE, 1, bytes(32), action, bytes(32), 0, person)) for action, person in (one, other)}
    assert len(leaves) == 2


UNCLEAR = [
    {"manifest_hash": b"short"},
    {"opinion_hash": b"short"},
    {"version": -1},
    {"version": 1 << 63},
    {"return_to": -1},
    {"action": "approve\0"},
]


@pytest.mark.parametrize("changes", UNCLEAR)
def test_what_could_be_read_in_two_ways_is_not_signed(changes) -> None:
    signed = replace(Signed(LINE, 1, bytes(32), "approve", bytes(32)), **changes)
    with pytest.raises(ValueError, match=r"32 bytes|64-bit|a word"):
        leaf(signed)
    with pytest.raises(ValueError, match="nothing"):
        root([])
