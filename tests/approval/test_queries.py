"""Lists cost the same however many lines there are: their plans use the indexes, as the role people have."""

import pytest

from approval.queries import lines as queries
from chassis import db
from support.approval_lines import HOME, official

FILL = """
WITH made AS (
    INSERT INTO line (id, document_id, agency_id, department_code, title, status, version, manifest_hash, steps,
                      submitted_at, correlation_id, last_actor, attachment_count, has_recipients)
    SELECT gen_random_uuid(), gen_random_uuid(), 'agency-home', 'T310101', 'title', 'in-path', 1, '\\x00', '[]',
           now() - n * interval '1 minute', '', '', 0, false
    FROM generate_series(1, 20000) AS n
    RETURNING id, submitted_at
)
INSERT INTO box (line_id, official_id, agency_id, lead_id, kind, submitted_at)
SELECT id, CASE WHEN random() < 0.5 THEN $1 ELSE 'somebody' END, 'agency-home', 'agency-home', 'pending', submitted_at FROM made
"""


@pytest.mark.parametrize(
    ("statement", "arguments", "index"),
    [
        (queries._PENDING, (official("chief"), queries._EPOCH, queries._NO_LINE, 50, HOME), "box_of_official"),
        (queries._BY_DOCUMENT, (queries._NO_LINE,), "line_document"),
        (queries._BY_ID, (queries._NO_LINE,), "line_pkey"),
    ],
)
async def test_no_list_reads_whole_tables(approval_database, statement, arguments, index) -> None:
    owner = await db.open_pool(approval_database.url("owner"), size=1)
    await owner.execute(FILL, official("chief"))
    await owner.execute("ANALYZE line, box")
    await owner.close()
    rpc = await db.open_pool(approval_database.url("rpc"), size=1)
    try:
        async with rpc.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.agency', $1, true)", HOME)
            plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}", *arguments))
    finally:
        await rpc.close()
    assert index in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("statement", "more", "start"),
    [
        (queries._PENDING_OF_SEVERAL, (), (queries._EPOCH, queries._NO_LINE)),
        (queries._BOX, ("pending",), (queries.LATEST.submitted_at, queries.LATEST.line_id)),
    ],
)
async def test_boxes_of_several_officials_are_read_by_the_page(approval_database, statement, more, start) -> None:
    owner = await db.open_pool(approval_database.url("owner"), size=1)
    await owner.execute(FILL, official("chief"))
    await owner.execute("ANALYZE line, box")
    await owner.close()
    rpc = await db.open_pool(approval_database.url("rpc"), size=1)
    try:
        async with rpc.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.agency', $1, true)", HOME)
            who = [official("chief"), "somebody", "nobody"]
            text = f"EXPLAIN (ANALYZE, BUFFERS) {statement}"
            plan = "\n".join(row[0] for row in await connection.fetch(text, who, *start, 51, HOME, *more))
            rows = await connection.fetch(statement, who, *start, 51, HOME, *more)
    finally:
        await rpc.close()
    assert "box_of_official" in plan
    assert "Seq Scan" not in plan
    # A page of each official, not their whole boxes of 10,000.
    assert "rows=51 " in plan
    assert len(rows) == 51
