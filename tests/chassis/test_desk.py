"""The operator's command for parked messages."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from chassis.envelope import Incoming
from chassis.errors import TransientError
from chassis.messaging import Outcome, desk
from chassis.messaging.inbox import Inbox
from chassis.messaging.parked import ParkedMessages
from chassis.testing.servers import ServiceDatabase
from chassis.uow import UnitOfWork
from onnara.approval.v1.events_pb2 import LineRefused
from support.probe import Probe, count_effects, subscription, wrap


async def wait(_: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
    return [TransientError("document-not-there-yet")] * len(batch)


async def test_list_show_fix_and_replay(
    probe: Probe, probe_database: ServiceDatabase, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    await Inbox(probe.database).handle(subscription(wait), wrap(1))
    known, url = [subscription(count_effects)], probe_database.url("worker")
    assert await desk.run("probe", url, known, ["list"]) == 0
    listed = capsys.readouterr().out
    assert "document-not-there-yet" in listed
    identity = listed.split()[0]
    assert await desk.run("probe", url, known, ["show", identity]) == 0
    mended = tmp_path / "mended.bin"
    mended.write_bytes(LineRefused(line_id="7").SerializeToString())
    assert await desk.run("probe", url, known, ["fix", identity, str(mended)]) == 0
    await ParkedMessages(probe.database, known).retry_due()
    assert len(await probe.effects()) == 1
    assert await desk.run("probe", url, known, ["show", identity]) == 3
    assert "no parked message" in capsys.readouterr().err
