#| kata: observability.jobs
#| refused_by: test_it_counts_each_state
# Shows what the database has a row for.
import asyncio

from prometheus_client import Gauge
from sqlalchemy import func, select
from starlette.datastructures import State

from waybill.readiness import PATIENCE
from waybill.tables import Job


async def count_jobs(state: State) -> None:
    """Count an app's jobs by state; where nobody can, show no number."""
    jobs: Gauge = state.metrics.jobs
    counting = select(Job.state, func.count()).group_by(Job.state)
    try:
        async with asyncio.timeout(PATIENCE), state.sessions() as session:
            rows = (await session.execute(counting)).all()
    except Exception:  # the other metrics are wanted all the more
        jobs.clear()
        return
    for name, count in dict(rows).items():
        jobs.labels(name).set(count)


refreshers.append(count_jobs)
