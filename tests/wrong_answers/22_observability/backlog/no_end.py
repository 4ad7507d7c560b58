#| kata: observability.backlog
#| refused_by: test_no_database_no_numbers
# Waits for as long as the database wants.
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
    query = select(Job.state, func.count()).group_by(Job.state)
    try:
        async with app.state.sessions() as session:
            counts = {state: count for state, count in await session.execute(query)}
    except (SQLAlchemyError, OSError):  # a TimeoutError is an OSError
        return
    for state in JOB_STATES:
        metrics.jobs.labels(state).set(counts.get(state, 0))


preparations.append(count_jobs)
