"""Checks of observability.jobs: what waits and what is dead, and no stale number."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

Sessions = async_sessionmaker[AsyncSession]
Patiently = Callable[[], AbstractContextManager[Any]]
Stored = Callable[..., Awaitable[None]]


@pytest.fixture
def state(sessions: Sessions) -> Any:  # noqa: ANN401
    """The state of an app: its metrics, and its sessions."""
    from waybill.metrics import Metrics

    return SimpleNamespace(metrics=Metrics(), sessions=sessions)


@pytest.fixture
def store(sessions: Sessions) -> Stored:
    """Return what stores so many jobs of each state."""
    from waybill.tables import Job

    async def store(**counts: int) -> None:
        at = datetime(2026, 3, 2, 12, tzinfo=UTC)
        async with sessions.begin() as session:
            for name, count in counts.items():
                for number in range(count):
                    job = Job(kind="welcome", payload={"account_id": number})
                    job.state, job.run_at = name, at
                    session.add(job)

    return store


def shown(state: Any) -> dict[str, float]:  # noqa: ANN401
    """Return what the gauge shows, by state."""
    (family,) = state.metrics.jobs.collect()
    return {one.labels["state"]: one.value for one in family.samples}


# - The gauge has the number of jobs of each state: `waiting` and `dead`.
@pytest.mark.parametrize(("waiting", "dead"), [(2, 1), (0, 3), (4, 0), (0, 0)])
async def test_it_counts_each_state(
    state: Any,  # noqa: ANN401
    store: Stored,
    waiting: int,
    dead: int,
) -> None:
    """The gauge has the number of jobs that wait, and of those that are dead."""
    from waybill.door import count_jobs

    await store(waiting=waiting, dead=dead)
    await count_jobs(state)
    found = shown(state)
    assert found == {"waiting": waiting, "dead": dead}, (
        f"{waiting} jobs wait and {dead} are dead; the gauge shows {found}."
    )


# - A state that no job has any more is 0.
async def test_nothing_old_is_shown(
    state: Any,  # noqa: ANN401
    store: Stored,
    sessions: Sessions,
) -> None:
    """When no job has a state any more, its number is 0."""
    from waybill.door import count_jobs
    from waybill.tables import Job

    await store(waiting=2, dead=1)
    await count_jobs(state)
    async with sessions.begin() as session:
        await session.execute(update(Job).values(state="dead"))
    await count_jobs(state)
    found = shown(state)
    assert found == {"waiting": 0, "dead": 3}, (
        "2 jobs waited and 1 was dead; then all 3 were dead. The gauge shows "
        f"{found}; waiting 0 and dead 3 were expected."
    )
    async with sessions.begin() as session:
        await session.execute(delete(Job))
    await count_jobs(state)
    found = shown(state)
    assert found == {"waiting": 0, "dead": 0}, (
        f"All jobs were done, and the gauge shows {found}; both should be 0."
    )


# - When the database fails, or hasn't answered within `PATIENCE` seconds, the gauge has
# no values, and the page is answered all the same.
@pytest.mark.parametrize(
    "error",
    [
        pytest.param(sqlite3.OperationalError("disk I/O error"), id="the driver's"),
        pytest.param(ConnectionRefusedError("nobody listens"), id="the system's"),
        pytest.param(RuntimeError("the database is starting up"), id="another"),
    ],
)
async def test_without_a_database(
    state: Any,  # noqa: ANN401
    store: Stored,
    error: Exception,
) -> None:
    """Where the database fails, no number is shown, and no error comes out."""
    from waybill.door import count_jobs

    async def refuse() -> object:
        raise error

    await store(waiting=2, dead=1)
    await count_jobs(state)
    engine = create_async_engine("sqlite+aiosqlite://", async_creator=refuse)
    state.sessions = async_sessionmaker(engine)
    raised: Exception | None = None
    try:
        await count_jobs(state)
    except Exception as problem:  # noqa: BLE001 - whatever comes out is told
        raised = problem
    await engine.dispose()
    assert raised is None, (
        f"The database failed with {error!r}, and `count_jobs` raised {raised!r}: "
        "nobody would see the other metrics."
    )
    assert shown(state) == {}, (
        f"The database failed with {error!r}, and the gauge still shows "
        f"{shown(state)}. `clear` takes old values away."
    )


# - When the database fails, or hasn't answered within `PATIENCE` seconds, the gauge has
# no values, and the page is answered all the same.
async def test_a_silent_database(
    state: Any,  # noqa: ANN401
    patiently: Patiently,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A database that says nothing is given up after `PATIENCE` seconds."""
    from waybill import door

    async def never() -> object:
        return await asyncio.Event().wait()

    monkeypatch.setattr(door, "PATIENCE", 0.01)
    engine = create_async_engine("sqlite+aiosqlite://", async_creator=never)
    state.sessions = async_sessionmaker(engine)
    ended = False
    with patiently():
        await door.count_jobs(state)
        ended = True
    await engine.dispose()
    assert ended, (
        "The database took a connection and said nothing; PATIENCE was a hundredth of "
        "a second, and `count_jobs` still waits. asyncio.timeout ends what takes too "
        "long."
    )
    assert shown(state) == {}, f"Nobody answered, and the gauge shows {shown(state)}."


# - The connection is given back before the numbers are shown.
async def test_the_connection_is_given_back(
    state: Any,  # noqa: ANN401
    store: Stored,
    engine: AsyncEngine,
) -> None:
    """No connection stays lent while the numbers are shown, or afterwards."""
    from waybill.door import count_jobs

    pool: Any = engine.pool
    lent: list[int] = []
    labels = state.metrics.jobs.labels

    def noting(*values: Any, **named: Any) -> Any:  # noqa: ANN401
        lent.append(pool.checkedout())
        return labels(*values, **named)

    state.metrics.jobs.labels = noting
    await store(waiting=2, dead=1)
    await count_jobs(state)
    assert [*lent, pool.checkedout()] == [0] * (len(lent) + 1), (
        f"While the numbers were shown, {max(lent, default=0)} connections were lent, "
        f"and {pool.checkedout()} afterwards. Show them below the session's block."
    )


# - The gauge has the number of jobs of each state: `waiting` and `dead`.
def test_the_page_counts_them() -> None:
    """`count_jobs` is one of `refreshers`, once."""
    from waybill.door import count_jobs, refreshers

    count = refreshers.count(count_jobs)
    assert count == 1, (
        f"`refreshers` has `count_jobs` {count} times. Keep the last line of the cell."
    )
