#| kata: background.run_next
#| refused_by: test_each_pause_is_longer
# Grows by addition.
import logging
import random
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy import delete, update

from waybill.database import Sessions
from waybill.tables import Job, now

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
    pause = FIRST_PAUSE * job.attempts * factor
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
