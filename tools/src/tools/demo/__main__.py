"""`python -m tools.demo` plays the demo and leaves the suite running; `python -m tools.demo down` ends it."""

import asyncio
import json
import os
import subprocess
import sys
import time

from tools.checkout import ROOT
from tools.demo.input import write_endpoints
from tools.demo.neighbour import connect_neighbour
from tools.demo.officials import PASSWORD
from tools.demo.story import Story
from tools.demo.timeline import Timeline, table
from tools.suite import Suite
from tools.suite.suite import SuiteError

SIGN_INS = [
    ["mogaha.lee", "이서진 과장", "reviews (행정자치부)"],
    ["mogaha.park", "박정훈 국장", "decides (행정자치부)"],
    ["mogaha.kang", "강우석 전산사무관", "operator: interoperability page"],
    ["mpb.lee", "이준호 과장", "reviews in bulk (기획예산처)"],
    ["mpb.kang", "강민재 전산사무관", "operator: quarantine of the budget batch"],
]


def servers() -> tuple[str, str]:
    """Addresses of PostgreSQL and RabbitMQ, as the stack resolver has them."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.stack", "up", "--json"], check=True, stdout=subprocess.PIPE, text=True
    )
    found = json.loads(done.stdout)
    return found["postgres_url"], found["rabbitmq_url"]


def prepare(suite: Suite, timeline: Timeline) -> None:
    """A fresh suite: databases, seeded government, real agency codes, running services."""
    suite.reset()
    suite.choose_ports()
    write_endpoints(suite, suite.folder / "delivered")
    connect_neighbour(suite)
    suite.migrate()
    timeline.step("databases", "created and migrated: directory, documents, approval, adapters")
    suite.run("seed", "--demo", service="directory")
    codes = os.environ.get("ONNARA_AGENCY_CODES", "")
    suite.run("import-codes", *([codes] if codes else []), service="directory")
    timeline.step("directory", "seeded government, agency codes imported" + ("" if codes else " (excerpt that ships)"))
    suite.up()
    timeline.step("suite", "directory, documents, approval, adapters and gateway are up")


def demo() -> int:
    """Plays everything; answers the exit code: 0 when nothing is missing."""
    started = time.monotonic()
    timeline = Timeline()
    timeline.title("Onnara: setting the suite up")
    postgres, rabbit = servers()
    suite = Suite(
        "demo", postgres, rabbit, settings={"ONNARA_DIRECTORY_DEMO": "1", "ONNARA_ADAPTERS_SCAN_SECONDS": "0.3"}
    )
    try:
        prepare(suite, timeline)
        asyncio.run(Story(suite, suite.folder / "delivered", timeline).run())
    except (SuiteError, TimeoutError) as error:
        timeline.missing.append(str(error) or "something did not happen in time; logs: .run/demo/logs")
    timeline.title("The web pages")
    timeline.line(f"http://{suite.address('gateway')}/   password of all: {PASSWORD}")
    for line in table(["sign in as", "who", "and look at"], SIGN_INS):
        timeline.line(line)
    timeline.line(f"packs as delivered: {(suite.folder / 'delivered').relative_to(ROOT)}    end everything: make down")
    timeline.line(
        f"SOAP: http://{suite.address('adapters-soap')}/most/projects?wsdl    user most-projects, password in "
        f"{(suite.transport / 'keys' / 'most-projects.password').relative_to(ROOT)}"
    )
    for what in timeline.missing:
        sys.stdout.write(f"\n  MISSING: {what}\n")
    sys.stdout.write(
        f"\n  {'done' if not timeline.missing else 'NOT complete'} in {time.monotonic() - started:.1f} s\n"
    )
    return 1 if timeline.missing else 0


def down() -> int:
    """Ends what the demo left running."""
    ended = Suite("demo", "", "").down()
    sys.stdout.write(f"  suite     ended: {', '.join(ended)}\n" if ended else "  suite     nothing was running\n")
    return 0


if __name__ == "__main__":
    sys.exit(down() if sys.argv[1:] == ["down"] else demo())
