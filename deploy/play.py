"""Plays the main job against containers: ``python deploy/play.py FOLDER NAME=ADDRESS[,ADDRESS] ...``.

The demonstration's story -> files in FOLDER/transport and calls to the services' addresses, as legacy systems and the gateway
would make them -> the same story told back, with exit status 1 when something in it is missing.
"""

import asyncio
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from tools.demo.story import Story
from tools.demo.timeline import Timeline
from tools.suite import Suite

FOLDERS = ("enara/in", "enara/out", "mpb-budget/in", "relay/receive", "relay/send", "personnel/in", "agency-codes/in")


class Deployed(Suite):
    """A suite that somebody else has started. addresses: host and port of each replica, by deployable."""

    def __init__(self, folder: Path, addresses: Mapping[str, Sequence[str]]) -> None:
        super().__init__("deployed", "", "")
        self.folder, self.transport = folder, folder / "transport"
        self._addresses = addresses

    def address(self, name: str) -> str:
        """All replicas of a deployable, as gRPC takes them."""
        return f"ipv4:{','.join(self._addresses[name])}"


def make_folders(transport: Path, user_id: int) -> None:
    """The folders of deploy/endpoints.toml, for the account the containers run as."""
    for name in FOLDERS:
        (transport / name).mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for folder in (transport, *(path for path in transport.rglob("*") if path.is_dir())):
            os.chown(folder, user_id, user_id)


def page_is_whole(address: str) -> bool:
    """Whether a page of the gateway answers, and every file of the front-end packages that it names."""
    with urlopen(address, timeout=10) as answer:  # noqa: S310 - an address of this machine
        text = answer.read().decode()
    names = sorted(set(re.findall(r'"(/assets/[^"]+)"', text)))
    for name in names:
        with urlopen(urljoin(address, name), timeout=10) as answer:  # noqa: S310
            answer.read()
    return bool(names)


def main(arguments: Sequence[str]) -> int:
    """Plays the story; ``folders FOLDER USER_ID`` makes the folders, ``page ADDRESS`` loads a page. Answers the exit status."""
    if arguments[0] == "folders":
        make_folders(Path(arguments[1]).resolve() / "transport", int(arguments[2]))
        return 0
    if arguments[0] == "page":
        return 0 if page_is_whole(arguments[1]) else 1
    # What is dropped belongs to another account than the containers', who must be able to move it.
    os.umask(0)
    suite = Deployed(
        Path(arguments[0]).resolve(), {k: v.split(",") for k, _, v in (a.partition("=") for a in arguments[1:])}
    )
    timeline = Timeline()
    try:
        asyncio.run(Story(suite, suite.transport / "relay" / "send", timeline).run())
    except TimeoutError as error:
        timeline.missing.append(str(error) or "something did not happen in time")
    for what in timeline.missing:
        sys.stderr.write(f"  MISSING: {what}\n")
    return 1 if timeline.missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
