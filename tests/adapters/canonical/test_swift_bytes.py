"""Records cut by their codec and records read field by field make the same messages and findings, whatever the bytes."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.agencies.moct_roads import adapter as moct_roads
from adapters.agencies.mpb_budget import adapter as mpb_budget
from adapters.canonical.tabular import TabularAdapter
from adapters.contract import Decoded, Item
from adapters.formats.findings import Finding, FormatError
from adapters.manifest import Manifest
from tools import budget_batch, roads_batch

MAKERS: dict[str, Callable[[Manifest], TabularAdapter]] = {
    "mpb_budget": mpb_budget.create,
    "moct_roads": moct_roads.create,
}


@cache
def batch(name: str) -> bytes:
    if name == "moct_roads":
        return roads_batch.damaged() + roads_batch.make_batch(3)
    return budget_batch.make_batch(24, dict.fromkeys(budget_batch.DAMAGE, 1))


def fresh(name: str) -> TabularAdapter:
    return MAKERS[name](catalogue.manifest_of(name))


@cache
def adapters(name: str) -> tuple[TabularAdapter, TabularAdapter]:
    """The adapter, and the same without its fast way."""
    fast, careful = fresh(name), fresh(name)
    for kind in careful.kinds:
        kind.swift = kind.cut_swift = None
    return fast, careful


def read(adapter: TabularAdapter, data: bytes) -> Decoded | tuple[Finding, ...]:
    try:
        return adapter.decode(Item("b", {"b": data}))
    except FormatError as error:
        return error.findings


NAMES = ("mpb_budget", "moct_roads")


@pytest.mark.parametrize("name", NAMES)
def test_damaged_batches_read_alike(name: str) -> None:
    fast, careful = adapters(name)
    assert read(fast, batch(name)) == read(careful, batch(name))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10**5), st.binary(min_size=1, max_size=3)), max_size=6))
def test_bytes_changed_anywhere_read_alike(name: str, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(batch(name))
    for place, put in changes:
        at = place % len(data)
        data[at : at + len(put)] = put
    fast, careful = adapters(name)
    assert read(fast, bytes(data)) == read(careful, bytes(data))


@pytest.mark.parametrize(
    ("name", "make"), [("mpb_budget", budget_batch.make_batch), ("moct_roads", roads_batch.make_batch)]
)
def test_clean_records_never_take_the_careful_way(
    name: str, make: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = fresh(name)
    for kind in adapter.kinds:
        kind.swift = None
        monkeypatch.setattr(kind, "careful", refuse)
    assert len(adapter.decode(Item("b", {"b": make(20)})).records) == 20


def refuse(*_: object) -> None:
    pytest.fail("a clean record took the careful way")
