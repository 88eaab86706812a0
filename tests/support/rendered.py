"""Pages rendered from messages, without services: what every one of them must be, whatever it shows."""

import re
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from gateway.counts import BoxCount

MARK = re.compile(
    r">[^<]*\b(?:role|outcome|mark|delivery|record|stage|direction|origin|disclosure|problem|event|state):[A-Za-z]"
)
TITLE = 'A <b>bold</b> title & "more"'
BOXES = [
    BoxCount("pending", "t", "/", 3),
    BoxCount("trouble", "t", "/boxes/trouble", 2, alarm=True),
    BoxCount("sent", "t", "/s", None),
]


def moment() -> Timestamp:
    """A moment of the tests: 2026-11-23 15:30 in Seoul."""
    made = Timestamp()
    made.FromDatetime(datetime(2026, 11, 23, 6, 30))
    return made


def checked(html: str) -> str:
    """What holds for every page: escaped values, no untranslated code, no inline script or style, ids once."""
    assert "<b>bold</b>" not in html
    # Data for the browser's modules is escaped JSON; the editor's model cuts it down to the subset.
    assert "bad()" not in re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL)
    assert not MARK.search(html), MARK.search(html)
    # Data for the browser's modules, and where those are, is all that stands inside a page.
    assert not re.search(
        r'\sstyle=|\son[a-z]+=|<style|<script(?! type="(?:importmap|application/json)")(?![^>]*\ssrc=)', html
    )
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    return html
