#| kata: observability.backlog
#| refused_by: test_no_database_no_numbers
# Knows errors of the system only.
import asyncio

from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from waybill.tables import Job

JOB_STATES = ("waiting", "dead")
LONGEST = 2.0
"""Seconds in which the database has to count."""


async def count_jobs(app: FastAPI) -> None:
    """Count the jobs of each state; without a database, there are no numbers."""
    metrics: Metrics = app.state.metrics
    metrics.jobs.clear()
    counts = dict.fromkeys(JOB_STATES, 0)
    query = select(Job.state, func.count()).group_by(Job.state)
    try:
        async with asyncio.timeout(LONGEST), app.state.sessions() as session:
            for state, count in await session.execute(query):
                counts[state] = count
    except OSError:  # a TimeoutError is an OSError
        return
    for state in JOB_STATES:
        metrics.jobs.labels(state).set(counts[state])


preparations.append(count_jobs)
