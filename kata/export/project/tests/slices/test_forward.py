"""Jobs on their way to a queue in Redis, where RQ's workers take them."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from waybill.database import Sessions
from waybill.forward import forward_next, make_queue
from waybill.jobs import LEASE
from waybill.tables import Job, now

URL = os.environ.get("TEST_REDIS_URL", "")


# needs: database.open_database background.tables background.take background.forward
async def one_job(sessions: Sessions) -> int:
    """Keep a job that is due, and no other; return its id."""
    async with sessions.begin() as session:
        await session.execute(delete(Job))
        job = Job(kind="letter", payload={"account_id": 7})
        session.add(job)
    return job.id


async def left(sessions: Sessions) -> list[tuple[int, int]]:
    """Return the jobs that are left, and how often each was taken."""
    async with sessions() as session:
        rows = await session.execute(select(Job.id, Job.attempts))
        return [(row.id, row.attempts) for row in rows]


async def test_without_redis_a_job_stays(sessions: Sessions) -> None:
    number = await one_job(sessions)
    queue = make_queue("redis://127.0.0.1:1")
    at = now() + timedelta(seconds=1)
    assert [await forward_next(sessions, queue, lambda: at) for _ in "12"] == [
        False
    ] * 2
    assert await left(sessions) == [(number, 1)]
    later = at + LEASE
    assert not await forward_next(sessions, queue, lambda: later)
    assert await left(sessions) == [(number, 2)]


@pytest.mark.skipif(not URL, reason="TEST_REDIS_URL names no Redis")
async def test_redis_has_each_job_once(sessions: Sessions) -> None:
    number = await one_job(sessions)
    queue = make_queue(URL)
    # Another database may have had a job with this id.
    known = [*queue.connection.scan_iter(f"rq:job:*-{number}")]
    queue.connection.delete(queue.key, *known)
    at = now() + timedelta(seconds=1)
    assert await forward_next(sessions, queue, lambda: at)
    assert await left(sessions) == []
    async with sessions.begin() as session:  # as if this process had died before that
        session.add(Job(id=number, kind="letter", payload={"account_id": 7}))
    assert await forward_next(sessions, queue, lambda: at)
    assert await left(sessions) == []
    (job,) = queue.jobs
    assert job.func_name == "waybill.forward.perform"
    job.delete()
