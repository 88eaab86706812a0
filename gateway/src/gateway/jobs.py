"""Long work a page started: it goes on when the browser leaves, and any later look shows how far it has come.

Jobs live in the process, a thousand at most; what they did lives in the services. A job posted twice under one id is one job.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(slots=True)
class Job:
    """One piece of long work. total and done count items; results are in the order of the work."""

    id: str
    owner: str
    total: int
    results: list[Any] = field(default_factory=list)
    failure: Exception | None = None
    finished: bool = False

    @property
    def done(self) -> int:
        """Items with an outcome."""
        return len(self.results)


def named(text: str) -> dict[str, str]:
    """Names by id, posted as one field of JSON; empty when unreadable.

    A form of five hundred rows must stay below the thousand fields a server reads, so names are not fields of their own.
    """
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        return {}


class Jobs:
    """The jobs of this process."""

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> Job:
        """Starts the work, or answers the job that already runs under this id for the same owner."""
        known = self.find(job.id, job.owner)
        if known is not None:
            return known
        self._jobs[job.id] = job
        while len(self._jobs) > self._limit:
            self._jobs.popitem(last=False)
        task = asyncio.create_task(self._run(job, work), name=f"job {job.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    def find(self, job_id: str, owner: str) -> Job | None:
        """The job, if it is the owner's."""
        job = self._jobs.get(job_id)
        return job if job is not None and job.owner == owner else None

    async def close(self) -> None:
        """Waits for running work: a decision that was sent must get its answer."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @staticmethod
    async def _run(job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
        try:
            await work(job)
        except Exception as failure:  # noqa: BLE001 - whatever ended the work is shown on the job's page
            job.failure = failure
        finally:
            job.finished = True
