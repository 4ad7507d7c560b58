"""Jobs: taken by one worker each, done, tried again or set aside."""

import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.database import Sessions
from waybill.tables import Job, now

# kata: background.take
LEASE = timedelta(minutes=5)
"""How long a worker may take for a job, before another one takes it."""


async def take(session: AsyncSession, at: datetime) -> Job | None:
    """Take the first job that is due; the caller commits."""
    due = (
        select(Job.id)
        .where(Job.state == "waiting", Job.run_at <= at)
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(run_at=at + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
    )
    job: Job | None = await session.scalar(taken)
    return job


# kata: background.run_next
log = logging.getLogger("waybill.jobs")
TRIES = 5
FIRST_PAUSE = timedelta(seconds=30)
Handler = Callable[[Sessions, Job], Awaitable[None]]


class WorkerDiedError(Exception):
    """Whoever took this job has never said what came of it."""


def after_failure(
    job: Job, error: Exception, at: datetime, factor: float
) -> dict[str, object]:
    """Let a job wait for its next try, or set it aside; return what changes."""
    name = type(error).__name__[:100]  # its text may quote an address
    log.warning("job %d (%s), try %d: %s", job.id, job.kind, job.attempts, name)
    if job.attempts >= TRIES:
        return {"last_error": name, "state": "dead"}
    pause = FIRST_PAUSE * 2 ** (job.attempts - 1) * factor
    return {"last_error": name, "run_at": at + pause}


async def run_next(
    sessions: Sessions,
    handlers: Mapping[str, Handler],
    clock: Callable[[], datetime] = now,
    draw: Callable[[float, float], float] = random.uniform,
) -> bool:
    """Do the first job that is due; tell whether there was one."""
    async with sessions.begin() as session:
        job = await take(session, clock())
    if job is None:
        return False
    failed: dict[str, object] = {}
    try:
        if job.attempts > TRIES:
            raise WorkerDiedError
        await handlers[job.kind](sessions, job)
    except Exception as error:  # whatever it is, the others go on
        failed = after_failure(job, error, clock(), draw(0.5, 1))
    # If the lease was too short and somebody else has it by now, this hits no row.
    mine = Job.id == job.id, Job.attempts == job.attempts
    async with sessions.begin() as session:
        if failed:
            await session.execute(update(Job).where(*mine).values(failed))
        else:
            await session.execute(delete(Job).where(*mine))
    return True
