#| kata: observability.backlog
#| refused_by: test_each_state_is_counted
# The starting code: reads every job, and only counts up.
from fastapi import FastAPI
from sqlalchemy import select

from waybill.tables import Job

JOB_STATES = ("waiting", "dead")
LONGEST = 2.0
"""Seconds in which the database has to count."""


async def count_jobs(app: FastAPI) -> None:
    """Count the jobs of each state; without a database, there are no numbers."""
    async with app.state.sessions() as session:
        for job in await session.scalars(select(Job)):
            app.state.metrics.jobs.labels(job.state).inc()


preparations.append(count_jobs)
