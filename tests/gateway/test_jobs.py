"""Long work goes on by itself, once, and only its owner sees it."""

import asyncio

from gateway.jobs import Job, Jobs


async def test_work_posted_twice_is_done_once() -> None:
    jobs, runs = Jobs(), []

    async def work(job: Job) -> None:
        runs.append(job.id)
        await asyncio.sleep(0)
        job.results.append("done")

    first = jobs.start(Job("a", "me", 1), work)
    again = jobs.start(Job("a", "me", 1), work)
    await jobs.close()
    assert again is first
    assert (runs, first.done, first.finished) == (["a"], 1, True)


async def test_another_session_does_not_see_it() -> None:
    jobs = Jobs()

    async def work(job: Job) -> None:
        job.results.append(1)

    jobs.start(Job("a", "me", 1), work)
    assert jobs.find("a", "you") is None
    await jobs.close()


async def test_a_failure_is_kept_with_what_was_done_before() -> None:
    jobs = Jobs()

    async def work(job: Job) -> None:
        job.results.append(1)
        raise RuntimeError

    job = jobs.start(Job("a", "me", 3), work)
    await jobs.close()
    assert (job.done, job.finished, type(job.failure)) == (1, True, RuntimeError)


async def test_the_oldest_job_gives_way() -> None:
    jobs = Jobs(limit=1)

    async def work(job: Job) -> None:
        job.results.append(1)

    for name in ("a", "b"):
        jobs.start(Job(name, "me", 1), work)
    await jobs.close()
    assert jobs.find("a", "me") is None
    assert jobs.find("b", "me") is not None
