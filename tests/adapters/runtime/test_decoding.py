"""What becomes of an item whose worker does not live to answer."""

import asyncio
from pathlib import Path

from adapters.formats.findings import Finding
from adapters.runtime.decoding import Decoder
from support.hostile import die_often


async def test_a_worker_that_was_killed_once_costs_nothing(tmp_path: Path) -> None:
    decoder = Decoder()
    try:
        assert await decoder.run(die_often, str(tmp_path), 1) == "read"
    finally:
        await asyncio.to_thread(decoder.close)
    assert len(list(tmp_path.iterdir())) == 1


async def test_an_item_that_kills_its_worker_twice_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    decoder = Decoder()
    try:
        found = await decoder.run(die_often, str(tmp_path), 9)
        assert isinstance(found, Finding)
        assert found.code == "decode-crashed"
        assert len(list(tmp_path.iterdir())) == 2
        assert await decoder.run(die_often, str(tmp_path), 0) == "read"
    finally:
        await asyncio.to_thread(decoder.close)
