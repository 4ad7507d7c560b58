"""Checks of background.forward: jobs on their way to RQ, and each of them once."""

import asyncio
import shutil
import socket
import subprocess
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from redis import Connection, Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import OutOfMemoryError, ReadOnlyError
from redis.exceptions import TimeoutError as NoAnswerError
from redis.retry import Retry
from rq import SimpleWorker
from rq.timeouts import TimerDeathPenalty

if TYPE_CHECKING:
    from rq import Queue
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Keep = Callable[..., Awaitable[int]]
Forward = Callable[..., Awaitable[bool]]
Change = Callable[..., list[Any]]
Given = Any
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOW_TO_GET_REDIS = (
    "This kata needs a `redis-server` on the PATH. Debian, Ubuntu, or WSL on Windows: "
    "`sudo apt install redis-server`. macOS: `brew install redis`. Or go on without it."
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A Redis of our own, which keeps nothing and stops afterwards."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip(HOW_TO_GET_REDIS)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = f"--port {port} --bind 127.0.0.1 --appendonly no --save".split()
    command = [program, *settings, ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        yield f"redis://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def queue(url: str) -> "Iterator[Queue]":
    """The learner's queue, in an empty Redis."""
    from waybill.forward import make_queue

    with Redis.from_url(url, retry=Retry(ConstantBackoff(0.02), 250)) as redis:
        redis.flushall()
    queue = make_queue(url)
    yield queue
    queue.connection.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Its `do` is called before each command to Redis, on the thread that sends it."""
    noted = SimpleNamespace(do=lambda: None)
    send: Callable[..., None] = Connection.send_packed_command

    def ask(*arguments: object, **options: object) -> None:
        noted.do()
        send(*arguments, **options)

    monkeypatch.setattr(Connection, "send_packed_command", ask)
    return noted


@pytest.fixture
def forward(sessions: "async_sessionmaker[AsyncSession]", queue: "Queue") -> Forward:
    """Return what hands over the next job, at noon unless you say otherwise."""

    async def forward(at: datetime = AT) -> bool:
        from waybill.forward import forward_next

        return await forward_next(sessions, queue, lambda: at)

    return forward


class Here(SimpleWorker):
    """RQ's worker on a thread of this process, where no signal is heard."""

    death_penalty_class = TimerDeathPenalty
    _install_signal_handlers = lambda _: None  # noqa: E731


async def let_rq_work(queue: "Queue") -> None:
    """Let RQ's worker do what is in the queue."""
    worker = Here([queue], connection=queue.connection, serializer=queue.serializer)
    await asyncio.to_thread(worker.work, burst=True, logging_level="CRITICAL")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, int]]]:
    """What `perform` was called with, which does nothing else here."""
    from waybill import forward

    noted: list[tuple[str, dict[str, int]]] = []

    async def perform(kind: str, payload: dict[str, int]) -> None:
        noted.append((kind, payload))

    perform.__module__, perform.__qualname__ = "__main__", "perform"  # as a program
    monkeypatch.setattr(forward, "perform", perform)
    return noted


# - A due job is handed over: RQ's worker calls `perform(kind, payload)`.
async def test_rq_does_the_jobs(
    keep: Keep, change: Change, forward: Forward, queue: "Queue", done: Given
) -> None:
    """RQ's worker does each job that was due, and their rows are gone."""
    for minutes, kind, number in ((9, "welcome", 3), (7, "sign", 17), (5, "sign", 17)):
        payload = {"account_id": number}
        await keep(kind=kind, payload=payload, run_at=AT - minutes * MINUTE)
    later, dead = await keep(run_at=AT + MINUTE), await keep(state="dead")
    said = [await forward() for _ in range(4)]
    assert said == [True, True, True, False], f"forward_next returned {said}."
    left = [number for (number,) in change()]
    assert left == [later, dead], f"Of 5 jobs 3 were due; these are left: {left}."
    await let_rq_work(queue)
    wanted = [("welcome", {"account_id": 3})] + [("sign", {"account_id": 17})] * 2
    assert done == wanted, f"RQ's worker called perform with {done}; wanted: {wanted}."


# - A due job is handed over: RQ's worker calls `perform(kind, payload)`.
@pytest.mark.usefixtures("people")
async def test_the_letter_arrives(
    keep: Keep,
    forward: Forward,
    queue: "Queue",
    post_office: Given,
    engine: "AsyncEngine",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A letter goes all the way: table, Redis, RQ's worker, mail server."""
    settings = SimpleNamespace(database_url=engine.url.render_as_string(False))
    monkeypatch.setattr("waybill.forward.get_settings", lambda: settings)
    for name, value in (("HOST", "127.0.0.1"), ("PORT", post_office.port), ("TLS", 0)):
        monkeypatch.setenv(f"WAYBILL_MAIL_{name}", str(value))
    await keep(kind="welcome", payload={"account_id": 311})
    await forward()
    await let_rq_work(queue)
    (letter,) = post_office.letters or [b"nothing"]
    assert b"lena@example.com" in letter, f"The mail server got {letter!r}."


# - The row is deleted when Redis has the job, not before.
async def test_the_row_goes_last(
    keep: Keep, forward: Forward, queue: "Queue", asked: Given, change: Change
) -> None:
    """A process that is killed at any moment leaves the row, or the job in Redis."""
    await keep()
    rows = []
    asked.do = lambda: rows.append(len(change()))
    await forward()
    assert all(rows), (
        f"Before each command to Redis, the table had so many rows: {rows}. Whoever "
        "is killed there has lost the job."
    )
    assert (len(queue.job_ids), change()) == (1, []), "Redis has it: the row may go."


# - While Redis is asked, the job is taken for everybody to see, no connection is held,
# and the event loop goes on.
async def test_nothing_waits_for_redis(
    keep: Keep, forward: Forward, asked: Given, change: Change, engine: "AsyncEngine"
) -> None:
    """While Redis is asked, the job is taken, and nobody else has to wait."""
    pool: Any = engine.sync_engine.pool
    loop, seen, _ = asyncio.get_running_loop(), [], await keep()

    def look() -> None:
        turn = threading.Event()
        loop.call_soon_threadsafe(turn.set)
        if not seen:
            tries = change("SELECT attempts FROM jobs")
            seen.extend([tries, pool.checkedout(), turn.wait(5)])

    asked.do = look
    await forward()
    tries, lent, free = seen
    assert lent == 0, f"While Redis was asked, {lent} connections were lent out."
    assert tries == [(1,)], f"While Redis was asked, others saw `attempts`: {tries}."
    assert free, (
        "Redis waited until the event loop had had a turn, and it had none. "
        "`asyncio.to_thread` calls a function on another thread."
    )


# - The row is deleted when Redis has the job, not before. If another one has taken it
# meanwhile, its row is left alone.
async def test_another_taking_is_left_alone(
    keep: Keep, forward: Forward, asked: Given, change: Change
) -> None:
    """A row that another one has taken since is theirs."""
    await keep()
    asked.do = lambda: change("UPDATE jobs SET attempts = 2")
    await forward()
    assert change(), (
        "While Redis was asked, the lease was over, and another one took the job. Its "
        "row was deleted. `attempts` tells one taking from another."
    )


# - A job that is handed over again within a day isn't done again.
@pytest.mark.parametrize("hours", [0, 23])
async def test_once_is_enough(
    keep: Keep, forward: Forward, queue: "Queue", done: Given, hours: int
) -> None:
    """A job whose row comes back is done once, also when it was done 23 hours ago."""
    number = await keep()
    await forward()
    if hours:
        await let_rq_work(queue)
    redis = queue.connection
    for key in filter(lambda key: redis.ttl(key) > 0, redis.scan_iter()):
        redis.expire(key, redis.ttl(key) - hours * 3600)  # so many hours went by
    await keep(id=number, attempts=1)
    said = [await forward(), await forward()]
    await let_rq_work(queue)
    when = f"{hours} hours after it was done" if hours else "before RQ had done it"
    assert len(done) == 1, (
        f"A job was handed over, and once more {when}, as after a crash. RQ did it "
        f"{len(done)} times. Give it an id, and let RQ refuse an id that it knows."
    )
    assert said == [True, False], f"Redis has it, and forward_next returned {said}."


# - Where Redis fails (`RedisError`), nothing is raised:
@pytest.mark.parametrize(
    "error", [NoConnectionError, NoAnswerError, ReadOnlyError, OutOfMemoryError]
)
async def test_redis_may_fail(
    keep: Keep,
    forward: Forward,
    asked: Given,
    change: Change,
    caplog: pytest.LogCaptureFixture,
    error: type[Exception],
) -> None:
    """Without Redis the row stays, and is handed over when its lease is over."""
    from waybill.jobs import LEASE

    number = await keep(id=4711)
    asked.do = Mock(side_effect=error("no"))
    try:
        said = await forward()
    except error as raised:
        raise AssertionError(f"Redis failed, and {raised!r} ends the worker.") from None
    assert said is False, f"Redis failed, and forward_next returned {said!r}."
    lines = [one.getMessage() for one in caplog.records if "waybill" in one.name]
    assert any(str(number) in line for line in lines), f"The log has {lines}."
    rows = change("SELECT state, attempts FROM jobs")
    assert rows == [("waiting", 1)], f"Redis failed, and (state, attempts) are {rows}."
    asked.do = lambda: None
    said = await forward(AT + LEASE - MINUTE / 60), await forward(AT + LEASE)
    assert said == (False, True), f"Before the lease's end and after it: {said}."


# - Where Redis fails (`RedisError`), nothing is raised:
async def test_slips_are_raised(keep: Keep, forward: Forward, asked: Given) -> None:
    """A bug that has nothing to do with Redis is raised, and not taken for that."""
    await keep()
    asked.do = {}.popitem
    with pytest.raises(KeyError):
        pytest.fail(f"It raised a KeyError, and forward_next said {await forward()}.")


# - What Redis keeps is JSON.
async def test_it_is_json(keep: Keep, forward: Forward, queue: "Queue") -> None:
    """What is kept of a job can be read as JSON, and runs nothing."""
    await keep()
    await forward()
    kept = queue.connection.hget(f"rq:job:{queue.job_ids[0]}", "data")
    text = zlib.decompress(kept)
    assert text[:1] == b"[", f"Redis keeps a pickle, which runs what it says: {text!r}"


# - A job that fails is tried again after 30, 60, 120 and 240 seconds.
async def test_rq_tries_again(keep: Keep, forward: Forward, queue: "Queue") -> None:
    """A job that fails is tried four times more, later and later."""
    await keep()
    await forward()
    found = [(job.retries_left, job.retry_intervals) for job in queue.jobs]
    assert found == [(4, [30, 60, 120, 240])], f"RQ keeps (retries, seconds): {found}."
