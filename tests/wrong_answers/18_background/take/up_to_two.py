#| kata: background.take
#| refused_by: test_no_worker_waits_on_postgresql
# SQLite takes the first of two rows; PostgreSQL refuses a value that is two.
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import Job

LEASE = timedelta(minutes=5)
"""How long a worker may take for a job, before another one takes it."""


async def take(session: AsyncSession, at: datetime) -> Job | None:
    """Take the first job that is due; the caller commits."""
    due = (
        select(Job.id)
        .where(Job.state == "waiting", Job.run_at <= at)
        .order_by(Job.run_at, Job.id)
        .limit(2)
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
