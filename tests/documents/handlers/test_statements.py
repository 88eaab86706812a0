"""How many statements a batch costs: the same for 1, 10 and 100 messages."""

import pytest

from chassis.messaging.inbox import Inbox
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from onnara.exchange.v1.official_document_pb2 import DOCUMENT_KIND_PUBLIC_NOTICE
from support.documents_cards import arrival, incoming, line_changed, report, request

# Inbox, then the handler's own.
EXPECTED = {"request": 9, "decided": 10, "report": 7, "notice": 12, "revised": 14, "arrival": 9}

CHANGES = {"notice": {"kind": DOCUMENT_KIND_PUBLIC_NOTICE}, "revised": {"major": True}}
# A second text of each, as a reviewer would have stored it.
REVISED = """
INSERT INTO document_version (document_id, number, title, body, author_name, manifest_hash, content, effective, created_at)
SELECT document_id, 2, title, body, 'reviewer', sha256(document_id::text::bytea), content, false, created_at
FROM document_version WHERE document_id IN (SELECT id FROM document WHERE origin_key LIKE ANY ($1::text[]))
RETURNING document_id, manifest_hash
"""


@pytest.mark.parametrize("kind", EXPECTED)
async def test_statements_are_the_same_for_1_10_and_100(documents, documents_database, frozen_clock, kind) -> None:
    seen, number = {}, 0
    async with counted_pool(documents_database.url("worker")) as (pool, texts):
        inbox = Inbox(Database(pool, frozen_clock))
        for size in (2, 1, 10, 100):
            keys = [f"K{number + place}" for place in range(size)]
            number += size
            batch = await messages(documents, kind, keys)
            texts.clear()
            await inbox.handle(documents.subscription(batch[0]), [incoming(each) for each in batch])
            seen[size] = [text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]
    assert seen[1] == seen[10] == seen[100]
    assert len(seen[1]) == EXPECTED[kind]
    assert (await documents.refusals(), await documents.parked()) == ([], [])


async def messages(documents, kind: str, keys: list[str]) -> list:
    if kind == "request":
        return [request(key) for key in keys]
    if kind == "arrival":
        return [arrival(key) for key in keys]
    if kind == "report":
        return [report(card["id"], "SENT") for card in await documents.registered(*keys)]
    await documents.take(*(request(key, **CHANGES.get(kind, {})) for key in keys))
    named = {}
    if kind == "revised":
        for row in await documents.parts.worker.pool.fetch(REVISED, [f"%|{key}" for key in keys]):
            named[row["document_id"]] = {"manifest_hash": row["manifest_hash"]}
    cards = [await documents.card(key) for key in keys]
    return [line_changed(card, 2, **named.get(card["id"], {})) for card in cards]
