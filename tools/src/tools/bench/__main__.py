"""`python -m tools.bench [--documents N] [NAME ...]`: all figures, or those whose name begins with one of the words.

`python -m tools.bench formats-hwp PATH [--rivals PYTHON]`: text of a corpus of Hangul documents; needs no servers.
`python -m tools.bench formats [--rivals PYTHON]`: host records beside ebcdic-parser; needs no servers.
"""

import argparse
import asyncio
import sys

from tools.bench import ceiling, create, decide, documents_million, formats_host, formats_hwp, journey, latency
from tools.bench.figure import machine, note, say
from tools.demo.__main__ import servers
from tools.suite import Suite

# Measured elsewhere on such a machine, server, database and client together (single runs, +-30 %).
RIVALS = {"open-zaak 1.30, 10 kB document": 34.8, "Mayan EDMS 4.12 upload": 29.8}

DECIDING_RIVALS = {"django-viewflow 2.4, in process": 176, "SpiffWorkflow 3.2, in process": 584}
LISTING_RIVALS = {"open-zaak, 100 of 3,500, p50 ms": 423, "Mayan EDMS, 100 of 3,500, p50 ms": 638}


def main(arguments: list[str]) -> int:
    """Measures and prints; answers 0 when every figure could be taken."""
    if arguments[:1] == ["formats-hwp"]:
        return formats_hwp.main(arguments[1:])
    if arguments[:1] == ["formats"]:
        return formats_host.main(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m tools.bench")
    parser.add_argument(
        "names",
        nargs="*",
        default=["journey", "event", "create", "decide"],
        help="journey, event, create, decide, million",
    )
    parser.add_argument("--documents", type=int, default=journey.DOCUMENTS)
    asked = parser.parse_args(arguments)
    postgres, rabbit = servers()
    note(machine())
    if "event" in asked.names:
        p50, p99 = asyncio.run(latency.measure(rabbit, postgres))
        say("event_latency_p50_ms", p50, "ms", rate_per_s=latency.RATE)
        say("event_latency_p99_ms", p99, "ms", rate_per_s=latency.RATE)
    if "million" in asked.names:
        asyncio.run(documents_million.measure(postgres))
        if asked.names == ["million"]:
            return 0
    suite = Suite("bench", postgres, rabbit, settings={"ONNARA_DIRECTORY_DEMO": "1"})
    try:
        if {"journey", "create", "decide"} & set(asked.names):
            journey.start(suite)
        if "create" in asked.names:
            measure_create(suite, postgres)
        if "decide" in asked.names:
            measure_decide(suite, postgres)
        if "journey" in asked.names:
            measure_journey(suite, postgres, rabbit, asked.documents)
    finally:
        suite.down()
    return 0


def measure_create(suite: Suite, postgres: str) -> None:
    """Drafts per second, the bare server's rate, and their ratio."""
    note(f"{create.CLIENTS} clients create documents")
    ours = asyncio.run(create.ours(suite))
    bare = asyncio.run(create.bare(postgres))
    say(
        "create_document_per_s",
        ours,
        "1/s",
        clients=create.CLIENTS,
        bare_per_s=round(bare, 1),
        ratio=round(ours / bare, 3),
        rivals=RIVALS,
    )
    say("create_document_bare_per_s", bare, "1/s", clients=create.CLIENTS)


def measure_decide(suite: Suite, postgres: str) -> None:
    """Decisions per second beside the bare server, and the delay of a list of 100."""
    note(f"{create.CLIENTS} clients decide {decide.LINES} reviews, then list {decide.PAGE} documents")
    figures = asyncio.run(decide.measure(suite))
    bare = asyncio.run(create.bare(postgres))
    say(
        "decide_step_per_s",
        figures.decisions,
        "1/s",
        clients=create.CLIENTS,
        bare_per_s=round(bare, 1),
        ratio=round(figures.decisions / bare, 3),
        rivals=DECIDING_RIVALS,
    )
    say("decide_step_by_itself_per_s", figures.by_itself, "1/s", ratio=round(figures.by_itself / bare, 3))
    say("list_100_alone_p50_ms", figures.list_alone, "ms", clients=1)
    say("list_100_p50_ms", figures.list_p50, "ms", clients=create.CLIENTS, rivals=LISTING_RIVALS)
    say("list_100_p95_ms", figures.list_p95, "ms", clients=create.CLIENTS)


def measure_journey(suite: Suite, postgres: str, rabbit: str, documents: int) -> None:
    """The ceiling of this machine, the journey, and their ratio."""
    note("the ceiling: raw aio-pika and asyncpg")
    raw = asyncio.run(ceiling.measure(rabbit, postgres))
    note(f"{documents} documents through the whole suite")
    rate = journey.measure(suite, documents, note)
    top = raw / ceiling.JOURNEY_HOPS
    say("journey_documents_per_s", rate, "1/s", documents=documents, steps=2)
    say("journey_ceiling_per_s", top, "1/s", messages_per_s=round(raw, 1), divided_by=ceiling.JOURNEY_HOPS)
    say("journey_ratio", rate / top, "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
