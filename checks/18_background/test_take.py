"""Checks of background.take: each job to one worker, in order, and for a while."""

import asyncio
import re
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Keep = Callable[..., Awaitable[int]]
Jobs = Callable[[], Awaitable[list[Any]]]
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


@pytest.fixture
def taken(sessions: "Sessions") -> Callable[..., Awaitable[Any]]:
    """Return a function that takes a job, and commits as a worker does."""

    async def take_one(at: datetime = AT) -> Any:  # noqa: ANN401
        from waybill.jobs import take
        from waybill.tables import Job

        async with sessions.begin() as session:
            job = await take(session, at)
        assert job is None or isinstance(job, Job), (
            f"take returned {job!r}; it should be a Job or None."
        )
        return job

    return take_one


# - `take` returns the job whose `run_at` is the earliest, among equals the one with the
# smallest `id`.
async def test_the_earliest_comes_first(taken: Any, keep: Keep) -> None:  # noqa: ANN401
    """Jobs are taken by their `run_at`, and among equals by their `id`."""
    late = [3, 9, 1, 9, 7, 1, 3, 12, 5]
    ids = [await keep(run_at=AT - one * MINUTE) for one in late]
    order = sorted(ids, key=lambda one: (-late[ids.index(one)], one))
    found = [(await taken()).id for _ in ids]
    assert found == order, (
        f"Jobs {ids} are {late} minutes late. They were taken in the order {found}; "
        f"wanted is {order}."
    )


# - `take` returns the job whose `run_at` is the earliest, among equals the one with the
# smallest `id`.
async def test_among_equals_the_smallest_id(
    taken: Any,  # noqa: ANN401
    keep: Keep,
    queries: list[str],
) -> None:
    """Among jobs of one moment the smallest id comes first."""
    for number in (41, 7, 30, 12):
        await keep(id=number, run_at=AT)
    jobs = [await taken() for _ in range(4)]
    assert all(jobs), f"Jobs whose `run_at` is `at` were due, and take returned {jobs}."
    found = [one.id for one in jobs]
    assert found == [7, 12, 30, 41], f"Jobs of one moment were taken as {found}."
    order = [one.split("ORDER BY")[-1] for one in queries if "ORDER BY" in one]
    assert order, "Nothing that was sent to the database has an order."
    assert re.search(r"run_at\W+(ASC\W+)?(jobs\W+)?id\b", order[0], re.IGNORECASE), (
        f"Among equals nobody has promised an order: sent was ORDER BY{order[0]!r}. An "
        "index of SQLite hides that here. The `id` comes right after `run_at`."
    )


# - `take` returns the job whose `run_at` is the earliest, among equals the one with the
# smallest `id`.
@pytest.mark.parametrize("minutes", [0, 345, -210])
async def test_what_is_due(
    taken: Any,  # noqa: ANN401
    keep: Keep,
    minutes: int,
) -> None:
    """A job is due at its `run_at`, and not a moment before; None if none is."""
    at = AT.astimezone(timezone(timedelta(minutes=minutes)))
    assert await taken(at) is None, "There is no job, and take returned one."
    await keep(run_at=AT + TICK)
    await keep(run_at=AT + timedelta(days=400))
    found = await taken(at)
    assert found is None, f"At {at} no job was due, and take returned {found.id}."
    now_due = await keep(run_at=AT)
    found = await taken(at)
    assert found is not None, f"A job was due at {AT}, and at {at} take returned None."
    assert found.id == now_due, f"Job {now_due} was due, and take returned {found.id}."
    assert await taken(at) is None, "The only job that was due was taken twice."


# - Only jobs whose `state` is `waiting` count.
@pytest.mark.parametrize("state", ["dead", "done", "paused"])
async def test_only_what_waits(
    taken: Any,  # noqa: ANN401
    keep: Keep,
    jobs: Jobs,
    state: str,
) -> None:
    """A job in another state is never taken, and is in nobody's way."""
    await keep(state=state, run_at=AT - 9 * MINUTE)
    before = await jobs()
    assert await taken() is None, f"A job whose state is {state!r} was taken."
    assert await jobs() == before, f"A job whose state is {state!r} was changed."
    waiting = await keep()
    found = await taken()
    assert found, f"A {state!r} job stood before one that was waiting: none was taken."
    assert found.id == waiting, f"take returned {found.id} instead of {waiting}."


# - Two workers never get the same job, on SQLite or PostgreSQL,
@pytest.mark.parametrize("before", ["", "UPDATE", "SELECT"])
async def test_another_worker_was_faster(
    engine: "AsyncEngine",
    taken: Any,  # noqa: ANN401
    keep: Keep,
    before: str,
) -> None:
    """Where another worker was faster, this one takes the next job or none."""
    from sqlalchemy import event

    await keep()
    second = await keep()
    done: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def strike(*details: object) -> None:
        statement = str(details[2]).lstrip().upper()
        if done or not statement.startswith(before) or "JOBS" not in statement:
            return
        done.append(statement.split()[0])
        other = sqlite3.connect(str(engine.url.database), timeout=1)
        try:
            with other:  # as another worker's take does
                other.execute(
                    "UPDATE jobs SET attempts = 1, "
                    "run_at = '2026-03-01 12:05:00.000000' WHERE id = ?",
                    [second - 1],
                )
        except sqlite3.OperationalError:
            done.append("locked")  # this worker writes already: nobody else can
        finally:
            other.close()

    found = await taken()
    if not done or "locked" in done:
        return
    assert found is None or found.id == second, (
        f"Another worker took job {second - 1} right before this one sent {done[0]}, "
        f"and this one took job {found.id}, too: its letter is sent twice. One "
        "statement has to find the job and to take it."
    )


# - Two workers never get the same job, on SQLite or PostgreSQL,
async def test_each_job_is_taken_once(taken: Any, keep: Keep) -> None:  # noqa: ANN401
    """Of several workers at the same moment, each gets another job."""
    ids = {await keep() for _ in range(5)}
    tries = [taken() for _ in range(7)]
    if sys.platform == "emscripten":  # in a page nobody can wait for a lock
        found = [await one for one in tries]
    else:
        found = await asyncio.gather(*tries)
    got = [one.id for one in found if one]
    assert sorted(got) == sorted(ids), (
        f"Seven workers came at once for five jobs, {sorted(ids)}, and got {got}."
    )


# - Two workers never get the same job, on SQLite or PostgreSQL, and neither waits for
# the other's commit on PostgreSQL.
async def test_no_worker_waits_on_postgresql(
    sessions: "Sessions", engine: "AsyncEngine", keep: Keep
) -> None:
    """What is sent locks the row that it finds, and skips what others have locked."""
    from sqlalchemy import event
    from sqlalchemy.dialects import postgresql

    from waybill.jobs import take

    await keep()
    sent: list[str] = []
    limits: list[object] = []

    @event.listens_for(engine.sync_engine, "before_execute")
    def note(_connection: object, statement: Any, *_: object) -> None:  # noqa: ANN401
        if hasattr(statement, "compile"):
            compiled = statement.compile(dialect=postgresql.dialect())
            sent.append(" ".join(str(compiled).split()))
            limits.extend(v for k, v in compiled.params.items() if k[:6] == "param_")

    async with sessions.begin() as session:
        await take(session, AT)
    said = [one for one in sent if "jobs" in one]
    assert len(said) == 1, (
        f"take sent {len(said)} statements: {said}. With one, nobody comes in between."
    )
    assert {*limits} <= {1}, f"The SELECT finds up to {max(map(str, limits))} jobs."
    assert "FOR UPDATE" in said[0] or "FOR NO KEY UPDATE" in said[0], (
        f"PostgreSQL would get: {said[0]}. A second worker finds the same row, waits "
        "for the first one's commit, and takes the same job again: `with_for_update`."
    )
    assert "SKIP LOCKED" in said[0], (
        f"PostgreSQL would get: {said[0]}. A second worker waits until the first one "
        "commits. `with_for_update(skip_locked=True)` goes on to the next row."
    )


# - A taken job is due again at `at + LEASE`, unless it is done by then.
@pytest.mark.parametrize("minutes", [0, 345])
async def test_a_lease_ends(
    taken: Any,  # noqa: ANN401
    keep: Keep,
    jobs: Jobs,
    minutes: int,
) -> None:
    """A job whose worker died is due again when the lease is over, and not before."""
    from waybill.jobs import LEASE

    zone = timezone(timedelta(minutes=minutes))
    number = await keep(run_at=AT - timedelta(days=3))
    at = AT.astimezone(zone)
    for count in range(1, 4):
        found = await taken(at)
        assert found, f"At {at} the job was due, and take returned None."
        (row,) = await jobs()
        assert (row.id, row.run_at) == (number, at + LEASE), (
            f"The job was taken at {at}, and is due again at {row.run_at}; wanted is "
            f"{at + LEASE}, which is `at` and LEASE later."
        )
        assert found.run_at == at + LEASE, f"take returned run_at={found.run_at}."
        assert (row.attempts, row.state) == (count, "waiting"), f"The row is {row}."
        at += LEASE
        assert await taken(at - TICK) is None, (
            "The job was taken before its lease ended."
        )
    assert LEASE >= MINUTE, f"LEASE is {LEASE}: a slow letter takes longer."


# - `attempts` counts how often a job was taken.
async def test_attempts_are_counted(
    taken: Any,  # noqa: ANN401
    keep: Keep,
    jobs: Jobs,
) -> None:
    """Each taking counts for its own job, and comes back with the job."""
    first = await keep(attempts=3, run_at=AT - 9 * MINUTE)
    second = await keep(attempts=0, payload={"account_id": 17}, kind="sign")
    for number, count in ((first, 4), (second, 1)):
        found = await taken()
        assert (found.id, found.attempts) == (number, count), (
            f"take returned job {found.id} with {found.attempts} attempts; wanted is "
            f"job {number} with {count}."
        )
    rows = {one.id: one for one in await jobs()}
    counts = {one: rows[one].attempts for one in rows}
    assert counts == {first: 4, second: 1}, f"The table holds {counts}."
    assert (found.kind, found.payload) == ("sign", {"account_id": 17}), (
        f"The job came back as {found.kind!r} with {found.payload}."
    )
    assert rows[first].last_error is None, "A taking changed `last_error`."


# - The caller commits.
async def test_the_caller_commits(
    sessions: "Sessions",
    keep: Keep,
    jobs: Jobs,
) -> None:
    """A taking that is rolled back has not happened."""
    from waybill.jobs import take

    await keep()
    before = await jobs()
    async with sessions() as session:
        assert await take(session, AT), "A job was due, and take returned None."
        await session.rollback()
    assert await jobs() == before, (
        "A taking was rolled back, and the job is taken all the same. Leave the commit "
        "to the caller."
    )
