"""The validator: knows its document types, refuses what is not of them, works from several threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.formats.dtd import validate

PACK = (
    b"<pack><header><send-orgcode/><send-id/><send-name/><receive-id/><date/><title/><doc-id/>"
    b'<doc-type type="send" dept="" name=""/><send-gw/><dtd-version/><xsl-version/></header><contents/></pack>'
)


@pytest.mark.parametrize("name", ["pack", "pubdoc", "exchange", "exchange_mis"])
def test_an_empty_root_is_invalid(name):
    root = b"EXCHANGE" if name.startswith("exchange") else name.encode()
    assert [finding.code for finding in validate(name, b"<%s/>" % root)] == ["dtd-invalid"]


@pytest.mark.parametrize(
    "data", [b"<other/>", b'<!DOCTYPE other SYSTEM "x"><pack/>', PACK.replace(b'send"', b'submit"')]
)
def test_what_is_not_of_the_type_is_invalid(data):
    assert [finding.code for finding in validate("pack", data)] == ["dtd-invalid"]


def test_unreadable_files_say_why():
    assert [finding.code for finding in validate("pack", b"<pack>")] == ["xml-malformed"]


def test_threads_do_not_disturb_each_other():
    bad = PACK.replace(b"<date/>", b"")
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda data: bool(validate("pack", data)), [PACK, bad] * 500))
    assert results == [False, True] * 500
