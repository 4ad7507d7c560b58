#| kata: background.forward
#| refused_by: test_slips_are_raised
# A bug of Waybill's own is taken for a Redis that is gone.
import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from pydantic import RedisDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis import Redis
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.accounts import welcome
from waybill.database import Sessions, make_engine
from waybill.jobs import take
from waybill.mail import MailSettings, send
from waybill.settings import get_settings
from waybill.tables import Job, now
from waybill.worker import work

log = logging.getLogger("waybill.jobs")
DAY = 86_400
"""Seconds for which RQ knows a job that is done."""
PERFORM = "waybill.forward.perform"
"""What RQ's worker calls. As a program, this file has another name."""


class QueueSettings(BaseSettings):
    """Where the queue is; WAYBILL_REDIS_URL."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    redis_url: RedisDsn = RedisDsn("redis://localhost:6379")


async def perform(kind: str, payload: dict[str, int]) -> None:
    """Do a job of the queue, in the process of RQ's worker."""
    engine = make_engine(get_settings().database_url)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    handlers = {"welcome": partial(welcome, partial(send, MailSettings()))}
    try:
        await handlers[kind](sessions, Job(kind=kind, payload=payload))
    finally:
        await engine.dispose()


def make_queue(url: str) -> Queue:
    """Return the queue in a Redis that is given up if it says nothing."""
    redis = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    return Queue("waybill", connection=redis, serializer=JSONSerializer)


def hand_over(queue: Queue, job: Job) -> None:
    """Put a job into the queue; this blocks the thread that calls it."""
    with suppress(DuplicateJobError):  # it has been handed over before
        queue.enqueue(
            PERFORM,
            job.kind,
            job.payload,
            job_id=f"job-{job.id}",
            unique=True,
            result_ttl=DAY,
            retry=Retry(max=4, interval=[30, 60, 120, 240]),
        )


async def forward_next(
    sessions: Sessions, queue: Queue, clock: Callable[[], datetime] = now
) -> bool:
    """Hand over the first job that is due; tell whether that was done."""
    async with sessions.begin() as session:
        job = await take(session, clock())
    if job is None:
        return False
    try:
        await asyncio.to_thread(hand_over, queue, job)
    except Exception as error:  # the lease brings it back
        log.warning("job %d stays here: %s", job.id, type(error).__name__)
        return False
    mine = Job.id == job.id, Job.attempts == job.attempts
    async with sessions.begin() as session:
        await session.execute(delete(Job).where(*mine))
    return True


async def main(url: str, settings: QueueSettings) -> None:
    """Hand over the jobs of a database until the system asks for the end."""
    engine = make_engine(url)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    queue = make_queue(str(settings.redis_url))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        await work(partial(forward_next, sessions, queue), stop)
    finally:
        await engine.dispose()


if __name__ == "__main__":  # python -m waybill.forward
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main(get_settings().database_url, QueueSettings()))
