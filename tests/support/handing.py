"""Records of last year in a suite that runs today: what was registered just now is moved into the year before."""

import asyncio
from urllib.parse import quote

import asyncpg

from tools.suite import Suite

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
