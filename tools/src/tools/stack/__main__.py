"""`python -m tools.stack`: up, down, status, broker start|stop|kill, browser. Results on stdout, remarks on stderr."""

import argparse
import resource
import sys
import time
from pathlib import Path

import msgspec

from tools.checkout import ROOT
from tools.stack import browser, resolve
from tools.stack.failure import StackError
from tools.stack.state import locked

OPEN_FILES = 65_536


def _remark(text: str) -> None:
    print(f"  servers   {text}", file=sys.stderr)


def _line(title: str, text: str, since: float) -> None:
    print(f"  {title:<9} {text} ({time.monotonic() - since:.1f} s)")


def _up(root: Path, asked: argparse.Namespace) -> None:
    since = time.monotonic()
    servers = resolve.up(root, _remark)
    if asked.json:
        print(msgspec.json.encode(servers).decode())
    else:
        _line("servers", servers.summary, since)


def _down(root: Path, asked: argparse.Namespace) -> None:
    since = time.monotonic()
    ended = resolve.down(root, wipe=asked.wipe)
    _line("servers", f"ended: {', '.join(ended)}" if ended else "nothing was running", since)


def _status(root: Path, _: argparse.Namespace) -> None:
    with locked(root) as state:
        servers = list(state.servers.values())
    for server in servers:
        word = "up" if resolve.running(server) else "down"
        pids = " ".join(str(known.pid) for known in server.processes) or server.container
        where = f"127.0.0.1:{server.ports['main']}"
        print(f"  {server.name:<9} {word:<4} {resolve.describe(server.kind, server, root)}  {where}  {pids}")
    if not servers:
        print("  servers   none started from this checkout")


def _broker(root: Path, asked: argparse.Namespace) -> None:
    since, name = time.monotonic(), f"broker-{asked.name}"
    with locked(root) as state:
        if asked.verb == "start":
            server = resolve.bring(state, "rabbitmq", name, _remark)
        else:
            known = state.servers.get(name)
            if known is None:
                raise StackError(f"there is no broker {asked.name}")
            server = known
            resolve.end(state, server, kill=asked.verb == "kill", wipe=asked.wipe)
    if asked.json:
        print(msgspec.json.encode({"rabbitmq_url": server.url}).decode())
    else:
        _line("broker", f"{asked.name}: {asked.verb} done", since)


def _browser(_: Path, __: argparse.Namespace) -> None:
    print(browser.provide())


def parser() -> argparse.ArgumentParser:
    """Build the command line."""
    top = argparse.ArgumentParser(prog="python -m tools.stack", description="Servers for the demo and the tests.")
    verbs = top.add_subparsers(required=True, metavar="VERB")
    up = verbs.add_parser("up", help="find or start PostgreSQL and RabbitMQ")
    up.add_argument("--json", action="store_true", help="print addresses with credentials")
    up.set_defaults(run=_up)
    down = verbs.add_parser("down", help="end every server started from this checkout")
    down.add_argument("--wipe", action="store_true", help="remove their data as well")
    down.set_defaults(run=_down)
    verbs.add_parser("status", help="what runs").set_defaults(run=_status)
    broker = verbs.add_parser("broker", help="a second broker that a test may kill")
    broker.add_argument("verb", choices=["start", "stop", "kill"])
    broker.add_argument("--name", required=True)
    broker.add_argument("--json", action="store_true", help="print its addresses")
    broker.add_argument("--wipe", action="store_true", help="remove its data as well when it ends")
    broker.set_defaults(run=_broker)
    verbs.add_parser("browser", help="path of a Chromium, installed if we may").set_defaults(run=_browser)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 1 when a server could not be had."""
    asked = parser().parse_args(arguments)
    # The servers inherit it; a broker with the usual 1024 refuses connections early.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    try:
        asked.run(ROOT, asked)
    except StackError as refusal:
        _remark(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
