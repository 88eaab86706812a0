"""Reports of neighbouring systems through the running suite: each line of a file is settled, or back with the directory's reason."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import asyncpg
import pytest

from tools.suite import Suite

pytestmark = [pytest.mark.servers]
LONGEST = 20.0


async def states(suite: Suite, endpoint: str) -> Counter[str]:
    connection = await asyncpg.connect(suite.database_url("adapters"))
    try:
        rows = await connection.fetch("SELECT state, stage FROM record WHERE endpoint = $1", endpoint)
    finally:
        await connection.close()
    return Counter(f"{row['state']} {row['stage']}".strip() for row in rows)


async def came_to(suite: Suite, endpoint: str, wanted: dict[str, int]) -> Counter[str]:
    """The states of an endpoint's records, once they are as wanted or time is over."""
    deadline = asyncio.get_running_loop().time() + LONGEST
    while (found := await states(suite, endpoint)) != wanted and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.2)
    return found


def drop(suite: Suite, endpoint: str, name: str, lines: list[str], end: str) -> None:
    folder = suite.transport / endpoint / "in"
    temporary = folder / f".{name}"
    temporary.write_bytes("".join(f"{line}{end}" for line in lines).encode("cp949"))
    temporary.rename(folder / name)


async def test_somebody_new_comes_in_by_a_personnel_file_and_is_found(suite: Suite) -> None:
    moment = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
    lines = [
        f"H\t1310000\t{moment}",
        f"P\t{moment}\t00090871\t남궁새롬\t\t\t20190304\t99991231",
        f"A\t{int(moment) + 1}\t{moment}-1\t00090871\t1\tZ310102\t주무관\t7\t20250101\t99991231\tN",
        f"A\t{int(moment) + 2}\t{moment}-2\t00090871\t2\tZ319999\t주무관\t7\t20250101\t99991231\tN",
        "T\t3\t1\t2\t0",
    ]
    drop(suite, "personnel", f"HR_{moment}.txt", lines, "\r\n")
    wanted = {"settled": 2, "quarantined directory": 1}
    assert await came_to(suite, "personnel", wanted) == wanted
    connection = await asyncpg.connect(suite.database_url("directory"))
    try:
        found = await connection.fetch(
            "SELECT a.position FROM appointment a JOIN official o USING (official_id) WHERE o.name = '남궁새롬'"
        )
    finally:
        await connection.close()
    assert [row["position"] for row in found] == ["주무관"]
