"""The other agency's document system, a process of its own: it takes packs from its folder and acknowledges them.

    python -m tools.demo.counterpart DELIVERED ACKNOWLEDGEMENTS

It knows only the exchange standard. As in the field, acknowledgements come late, some twice, some in the wrong order.
"""

import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.formats.pack import DocType, Pack, pack_file_name, parse_pack_file_name, read_pack, write_pack
from adapters.formats.pubdoc import read_pubdoc

SEOUL = ZoneInfo("Asia/Seoul")
STEPS: tuple[DocType, ...] = ("arrive", "receive", "accept")
CLERK = "김접수"
QUIET_SECONDS = 600.0


def acknowledgement(pack: Pack, file_name: str, step: DocType, now: datetime) -> Pack:
    """The answer to a pack: same document id, sender and receiver exchanged, no document in it."""
    me = parse_pack_file_name(file_name).receive_id
    return replace(
        pack,
        send_orgcode=me,
        send_id=me,
        send_name=_my_name(pack, me),
        receive_ids=(pack.send_id,),
        date=now.strftime("%Y-%m-%d %H:%M:%S"),
        doc_type=step,
        dept="총무과",
        name=CLERK,
        send_gw="Counterpart 1.0",
        contents=(),
    )


def _my_name(pack: Pack, me: str) -> str:
    document = next((content for content in pack.contents if content.role == "pubdoc"), None)
    if document is None:
        return me
    found, _ = read_pubdoc(document.data)
    return found.recipient or me


class Counterpart:
    """Watches its folder and answers each pack once it has lain there for a moment."""

    def __init__(self, delivered: Path, acknowledgements: Path) -> None:
        self._delivered = delivered
        self._acknowledgements = acknowledgements
        self._answered: set[str] = set()
        self._serial = 0

    def run(self) -> None:
        """Works until nothing has come for ten minutes, or until it is ended."""
        last = time.monotonic()
        while time.monotonic() - last < QUIET_SECONDS:
            fresh = sorted(path for path in self._delivered.glob("*.xml") if path.name not in self._answered)
            for number, path in enumerate(fresh):
                self._answered.add(path.name)
                self._answer(path, number)
                last = time.monotonic()
            time.sleep(0.1)

    def _answer(self, path: Path, number: int) -> None:
        pack, _ = read_pack(path.read_bytes())
        if pack.doc_type not in {"send", "resend", "normal-resend"}:
            return
        # Every third pack is acknowledged backwards, every fourth twice.
        steps = STEPS[::-1] if number % 3 == 2 else STEPS
        for step in (*steps, *(steps[:1] if number % 4 == 3 else ())):
            self._put(acknowledgement(pack, path.name, step, datetime.now(SEOUL)))

    def _put(self, pack: Pack) -> None:
        self._serial += 1
        moment = datetime.fromtimestamp(int(time.time()) + self._serial // 100, SEOUL)
        name = pack_file_name(pack.send_id, pack.receive_ids[0], moment, self._serial % 100)
        temporary = self._acknowledgements / f"{name}.tmp"
        temporary.write_bytes(write_pack(pack))
        temporary.rename(self._acknowledgements / name)


if __name__ == "__main__":
    Counterpart(Path(sys.argv[1]), Path(sys.argv[2])).run()
