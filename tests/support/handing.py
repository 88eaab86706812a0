"""Records of last year in a suite that runs today, and the records centre's system played in its folders."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from adapters import catalogue
from adapters.contract import Outgoing
from adapters.items import read
from adapters.runtime.transports.folders import put_all
from onnara.exchange.v1.records_pb2 import HandOverAnswered, RecordFault, RecordsContent
from tools.suite import Suite

FORMAT = catalogue.load("records_system")
_AGED = """
UPDATE registration SET year = year - 1, date = (year - 1) || substr(date, 5), serial = serial + 500000
WHERE document_id = $1 RETURNING department_code, year, serial
"""
_FILED = "UPDATE document SET file_code = left(file_code, 15) || $2 || right(file_code, 6) WHERE id = $1"
_SERIES = """
INSERT INTO number_series (department_code, year, n) VALUES ($1, $2, $3)
ON CONFLICT (department_code, year) DO UPDATE SET n = greatest(number_series.n, excluded.n)
"""


async def of_last_year(suite: Suite, document_id: str) -> str:
    """Makes a registered document one of last year; answers the address where its hand-over is planned."""
    connection = await asyncpg.connect(suite.database_url("documents"))
    try:
        async with asyncio.timeout(20):
            while not (row := await connection.fetchrow(_AGED, document_id)):
                await asyncio.sleep(0.1)
        await connection.execute(_FILED, document_id, f"{row['year']:04}")
        await connection.execute(_SERIES, row["department_code"], row["year"], row["serial"])
    finally:
        await connection.close()
    return f"/hand-overs/plan?kind=transfer&department={quote(row['department_code'])}&year={row['year']}"


async def taken(suite: Suite, transfer_id: str) -> RecordsContent:
    """What the records centre's system has got: the lists of a hand-over, once they lie in its folder."""
    folder = suite.transport / "records-system" / "out"
    async with asyncio.timeout(30):
        while True:
            for found in await asyncio.to_thread(_whole, folder):
                lists = RecordsContent.FromString(found.content)
                if lists.transfer_id == transfer_id:
                    return lists
            await asyncio.sleep(0.2)


def _whole(folder: Path) -> list[Any]:
    items = [read(each) for each in sorted(folder.glob("*")) if (each / "exchange.xml").exists()]
    return [record.message for item in items for record in FORMAT.decode(item).records if record.message is not None]


def answer(suite: Suite, lists: RecordsContent, outcome: int, code: str, *faults: RecordFault) -> None:
    """Its answer, as it writes it."""
    said = HandOverAnswered(
        transfer_id=lists.transfer_id,
        outcome=outcome,  # type: ignore[arg-type]
        code=code,
        kind=lists.kind,
        department_code=lists.department.code,
        faults=faults,
    )
    said.made_at.CopyFrom(lists.made_at)
    said.happened_at.FromDatetime(datetime.now(UTC))
    encoded = FORMAT.encode([Outgoing(said)])
    assert not encoded.rejected, encoded.rejected
    put_all(suite.transport / "records-system" / "in", encoded.items)
