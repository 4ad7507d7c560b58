"""Checks of background.run_next: done, tried again, or set aside."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Keep = Callable[..., Awaitable[int]]
Jobs = Callable[[], Awaitable[list[Any]]]
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Worker:
    """Runs jobs with a clock that a check moves, and notes what was done."""

    def __init__(self, sessions: "Sessions", engine: "AsyncEngine") -> None:
        self.sessions = sessions
        self.engine = engine
        self.at = AT
        self.done: list[int] = []
        self.lent: list[int] = []
        self.fails: dict[int, BaseException] = {}
        self.drawn: list[tuple[float, float]] = []
        self.factor = 1.0
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def handle(self, sessions: Any, job: Any) -> None:  # noqa: ANN401
        """Do a job, or fail as told."""
        assert sessions is self.sessions, f"The handler was given {sessions!r}."
        pool: Any = self.engine.sync_engine.pool
        self.lent.append(pool.checkedout())
        self.done.append(job.id)
        if self.meanwhile:
            await self.meanwhile()
        if job.id in self.fails:
            raise self.fails[job.id]

    def draw(self, low: float, high: float) -> float:
        """Return the number that a check wants."""
        self.drawn.append((low, high))
        return self.factor

    async def run(self) -> bool:
        """Run the next job."""
        from waybill.jobs import run_next

        handlers = {"letter": self.handle, "sign": self.handle}
        try:
            found = await run_next(self.sessions, handlers, lambda: self.at, self.draw)
        except (KeyError, *map(type, self.fails.values())) as error:
            raise AssertionError(
                f"A job came to {error!r}, and run_next raised it: the worker ends."
            ) from error
        assert isinstance(found, bool), f"run_next returned {found!r}, and no bool."
        return found


@pytest.fixture
def worker(sessions: "Sessions", engine: "AsyncEngine") -> Worker:
    """A worker for letters and signs."""
    return Worker(sessions, engine)


# - A job whose handler returned is deleted.
async def test_what_is_done_is_gone(worker: Worker, keep: Keep, jobs: Jobs) -> None:
    """A job that is done is deleted, and only that one; False when none is due."""
    first = await keep(run_at=AT - 9 * MINUTE, payload={"account_id": 3})
    second = await keep(kind="sign", payload={"account_id": 17})
    later = await keep(run_at=AT + MINUTE)
    dead = await keep(state="dead", run_at=AT - 20 * MINUTE)
    said, left = [], []
    for _ in range(3):
        said.append(await worker.run())
        left.append([one.id for one in await jobs()])
    assert worker.done == [first, second], f"{worker.done} were done."
    assert said == [True, True, False], f"run_next returned {said}."
    wanted = [[second, later, dead], [later, dead], [later, dead]]
    assert left == wanted, f"After each job these were left: {left}; wanted: {wanted}."


# - While a handler works, the job is taken for everybody to see, and no connection is
# held.
async def test_nothing_is_held_meanwhile(
    worker: Worker, keep: Keep, jobs: Jobs
) -> None:
    """While a handler works, others see that the job is taken, and none waits."""
    from waybill.jobs import LEASE

    await keep()
    seen: list[Any] = []

    async def look() -> None:
        seen.extend(await jobs())

    worker.meanwhile = look
    await worker.run()
    assert not any(worker.lent), (
        f"While the handler worked, {worker.lent} connections were lent out: the "
        "transaction that takes has to end first."
    )
    assert (seen[0].attempts, seen[0].run_at) == (1, AT + LEASE), (
        f"While the handler worked, another worker saw {seen[0]}, and would take it."
    )


# - When a handler raises any `Exception`, the row gets what `after_failure` returns,
# and nothing is raised.
@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("no answer"),
        SMTPRecipientsRefused({"lena@example.com": (550, b"who?")}),
        KeyError("lena@example.com"),
        ZeroDivisionError("lena@example.com"),
        type("A" * 200, (Exception,), {})("lena@example.com"),
    ],
    ids=lambda error: type(error).__name__[:20],
)
async def test_a_failure_is_noted(
    worker: Worker,
    keep: Keep,
    jobs: Jobs,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """Any failure is noted by its name, and the others go on."""
    caplog.set_level(logging.DEBUG)
    first, second = await keep(run_at=AT - 2 * MINUTE), await keep()
    worker.fails[first] = error
    said = [await worker.run() for _ in range(3)]
    assert worker.done == [first, second], (
        f"Job {first} fails, and job {second} is fine. {worker.done} were tried: one "
        "job that fails must not hold up the others."
    )
    assert said == [True, True, False], f"run_next returned {said}."
    (row,) = await jobs()
    name = type(error).__name__
    assert row.last_error == name[:100], (
        f"It failed with {name[:40]}, and `last_error` is {row.last_error!r}. It "
        "should be the error's name, 100 characters of it at most: its text may "
        "quote an address, and PostgreSQL refuses what is longer."
    )
    told = "".join(caplog.handler.format(one) for one in caplog.records)
    assert "lena" not in told, f"The log quotes an address: {told[-200:]!r}"


# - When a handler raises any `Exception`, the row gets what `after_failure` returns,
# and nothing is raised. A kind without a handler fails in the same way.
async def test_nobody_handles_this_kind(worker: Worker, keep: Keep, jobs: Jobs) -> None:
    """A kind without a handler fails like any other job."""
    await keep(kind="parade", run_at=AT - 2 * MINUTE)
    fine = await keep()
    assert [await worker.run() for _ in range(2)] == [True, True]
    assert worker.done == [fine], f"{worker.done} were done, and {fine} is fine."
    rows = await jobs()
    assert [one.state for one in rows] == ["waiting"], f"The rows are {rows}."
    assert rows[0].last_error, "Nobody handles that kind, and `last_error` is None."


# - When a handler raises any `Exception`, the row gets what `after_failure` returns,
# and nothing is raised.
async def test_a_stop_is_no_failure(worker: Worker, keep: Keep, jobs: Jobs) -> None:
    """What is no Exception goes on its way: a task that is cancelled, or Ctrl-C."""
    import asyncio

    from waybill.jobs import run_next

    number = await keep(run_at=datetime(2000, 1, 1, tzinfo=UTC))
    worker.fails[number] = asyncio.CancelledError()
    stopped = False
    try:
        await run_next(worker.sessions, {"letter": worker.handle})
    except asyncio.CancelledError:
        stopped = True
    assert stopped, "The task was cancelled, and run_next went on: catch `Exception`."
    assert [one.state for one in await jobs()] == ["waiting"], f"{await jobs()}"


# - The pause is `FIRST_PAUSE` after the first try, then twice, 4 times and 8 times as
# long, each times `draw(0.5, 1)`. It counts from the failure.
@pytest.mark.parametrize("factor", [1.0, 0.5, 0.7])
async def test_each_pause_is_longer(
    worker: Worker, keep: Keep, jobs: Jobs, factor: float
) -> None:
    """Each pause is twice as long as the one before, times what was drawn."""
    from waybill.jobs import FIRST_PAUSE, TRIES

    number = await keep()
    worker.fails[number], worker.factor = TimeoutError(), factor
    slow = timedelta(seconds=40)

    async def take_time() -> None:
        worker.at += slow

    worker.meanwhile = take_time
    for tries in range(1, TRIES):
        began = worker.at
        await worker.run()
        (row,) = await jobs()
        wanted = FIRST_PAUSE * 2 ** (tries - 1) * factor
        found = row.run_at - began - slow
        assert abs((found - wanted).total_seconds()) < 0.001, (
            f"Try {tries} failed {slow.seconds} seconds after it began; draw returned "
            f"{factor}. The next one is {found} after the failure; wanted is {wanted}."
        )
        worker.at = row.run_at - timedelta(microseconds=1)
        assert not await worker.run(), "The job was tried before its pause was over."
        worker.at = row.run_at
    assert {*worker.drawn} == {(0.5, 1)}, (
        f"draw was called with {worker.drawn or 'nothing'}; wanted is (0.5, 1)."
    )


# - After try number `TRIES` a job is `dead`.
async def test_it_has_an_end(worker: Worker, keep: Keep, jobs: Jobs) -> None:
    """A job that always fails is dead after so many tries, and in nobody's way."""
    from waybill.jobs import TRIES

    number = await keep()
    errors = [TimeoutError, OSError, ValueError, KeyError, EOFError]
    states = []
    for error in errors[:TRIES]:
        worker.fails[number] = error()
        await worker.run()
        (row,) = await jobs()
        states.append(row.state)
        name = error.__name__
        assert row.last_error == name, f"{name}: `last_error` is {row.last_error!r}."
        worker.at = row.run_at + timedelta(days=1)
    wanted = ["waiting"] * (TRIES - 1) + ["dead"]
    assert states == wanted, f"After each try its state was {states}."
    assert not await worker.run(), "A dead job was taken."
    assert worker.done == [number] * 5, f"It was tried {len(worker.done)} times."


# - After try number `TRIES` a job is `dead`. One that comes to you with more `attempts`
# than that, since its workers died, is `dead` without being run.
async def test_what_kills_its_workers_ends(
    worker: Worker, keep: Keep, jobs: Jobs
) -> None:
    """A job that was taken too often and never came to an end is not run again."""
    from waybill.jobs import TRIES

    last_chance = await keep(attempts=TRIES - 1, run_at=AT - 4 * MINUTE)
    too_often = await keep(attempts=TRIES, run_at=AT - 3 * MINUTE)
    far_too_often = await keep(attempts=TRIES + 4, run_at=AT - 2 * MINUTE)
    fine = await keep()
    for _ in range(6):
        await worker.run()
    assert worker.done == [last_chance, fine], (
        f"Jobs that had been taken {TRIES - 1}, {TRIES}, {TRIES + 4} and 0 times were "
        f"due, and {worker.done} were run; wanted is [{last_chance}, {fine}]."
    )
    rows = await jobs()
    found = [(one.id, one.state) for one in rows]
    assert found == [(too_often, "dead"), (far_too_often, "dead")], f"Left: {found}"
    assert all(one.last_error for one in rows), "`last_error` of a dead job is None."


# - If another worker has taken the job meanwhile, its row is left alone.
@pytest.mark.parametrize(
    "how", ["done", "failed", "failed for the last time", "failed; gone"]
)
async def test_another_workers_job(
    worker: Worker, keep: Keep, jobs: Jobs, sessions: "Sessions", how: str
) -> None:
    """A worker that was slower than its lease leaves the row to the next one."""
    from sqlalchemy import delete

    from waybill.jobs import LEASE, TRIES, take
    from waybill.tables import Job

    number = await keep(attempts=TRIES - 1 if "last" in how else 1)
    if how != "done":
        worker.fails[number] = TimeoutError()
    seen: list[Any] = []

    async def somebody_else_takes_it() -> None:
        worker.at += LEASE + MINUTE
        async with sessions.begin() as session:
            assert await take(session, worker.at), "The lease was over."
            if "gone" in how:
                await session.execute(delete(Job))
        seen.extend(await jobs())

    worker.meanwhile = somebody_else_takes_it
    await worker.run()
    assert await jobs() == seen, (
        f"A worker was slower than its lease, and another took the job. The first one "
        f"came to its end ({how}), and changed {seen} to {await jobs()}. See attempts."
    )
