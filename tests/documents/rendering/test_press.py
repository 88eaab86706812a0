"""The press: files come from another process, which is ended when it is stuck and started anew."""

import asyncio

import pytest

from chassis.errors import InvalidError
from documents.rendering.press import Press, RenderingError
from documents.settings import Settings
from support.documents_sheets import sheet


async def test_files_are_made_by_one_process_one_after_the_other() -> None:
    press = Press(Settings().fonts, 30)
    try:
        made = await asyncio.gather(*(press.make(kind, sheet()) for kind in ("pdf", "odt", "xml", "pdf")))
        assert [data[:5] for data in made] == [b"%PDF-", b"PK\x03\x04\x14", b"<?xml", b"%PDF-"]
        process = press._process
        with pytest.raises(RenderingError, match="rendering-failed"):
            await press.make("xml", sheet(decided_on=None))
        assert (await press.make("xml", sheet()))[:5] == b"<?xml"
        assert press._process is process
    finally:
        await press.aclose()
    assert process is not None
    assert process.returncode is not None


async def test_a_stuck_process_is_ended_and_the_next_file_comes_from_another() -> None:
    press = Press(Settings().fonts, 0.01)
    try:
        with pytest.raises(InvalidError, match="rendering-too-long"):
            await press.make("pdf", sheet())
        press._seconds = 30
        assert (await press.make("pdf", sheet())).startswith(b"%PDF-")
        assert press._process is not None
        press._process.kill()
        await press._process.wait()
        assert (await press.make("odt", sheet())).startswith(b"PK")
    finally:
        await press.aclose()


async def test_a_caller_who_goes_away_leaves_no_file_for_the_next() -> None:
    press = Press(Settings().fonts, 30)
    try:
        await press.make("odt", sheet())
        waiting = asyncio.create_task(press.make("pdf", sheet()))
        await asyncio.sleep(0.02)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await press.make("xml", sheet()))[:5] == b"<?xml"
    finally:
        await press.aclose()
