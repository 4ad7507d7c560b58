"""Checks of rate_limiting.redis_bucket: one bucket for all workers, in Redis."""

import asyncio
import datetime as dt
import importlib.util
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Connection, Redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from waybill.limits import Hit
    from waybill.shared_limits import RedisBucket

MOST_COMMANDS = 12
HOUR = 3600


def make(redis: Redis, requests: int, seconds: float) -> "RedisBucket":
    """Return a worker's limiter."""
    from waybill.limits import Limit
    from waybill.shared_limits import RedisBucket

    return RedisBucket(redis, Limit(requests, seconds))


async def ask(limiter: "RedisBucket", key: str = "account 7") -> "Hit":
    """Count a request and return what became of it."""
    from waybill.limits import Hit

    try:
        hit = await limiter.hit(key)
    except RedisError as error:
        raise AssertionError(
            f"Redis was asked for a token and objected: {type(error).__name__}: {error}"
        ) from error
    assert isinstance(hit, Hit), f"`hit` should return a Hit; it returned {hit!r}."
    return hit


# - All workers share a caller's bucket.
async def test_workers_share_a_bucket(workers: list[Redis]) -> None:
    """What one worker counts, the other one knows; each caller has a bucket."""
    one, two = (make(redis, 4, HOUR) for redis in workers)
    answers = [(await ask(limiter)).allowed for limiter in (one, two) * 3]
    assert answers == [True] * 4 + [False] * 2, (
        "Two workers share a limit of 4 in an hour. Six requests of one caller, by "
        f"turns to the one and the other, were allowed like this: {answers}. The first "
        "four should be. Keep the bucket in Redis, under a name that both know."
    )
    for other in ("account 8", "Account 7", "account"):
        hit = await ask(two, other)
        assert (hit.allowed, hit.remaining) == (True, 3), (
            f"`account 7` had used up its bucket; the first of `{other}` got {hit}."
        )


# - At once, exactly `requests` pass, through whichever worker they come.
async def test_at_once_no_more_pass(workers: list[Redis]) -> None:
    """Of requests that come at once, through any worker, exactly `requests` pass."""
    limiters = [make(redis, 20, HOUR) for redis in workers]
    hits = await asyncio.gather(*(ask(limiters[n % 2], "bot") for n in range(50)))
    passed = sum(hit.allowed for hit in hits)
    assert passed == 20, (
        "50 requests came at once, through two workers; the limit is 20, and "
        f"{'more' if passed > 20 else 'fewer'} than that passed. Between reading a "
        "bucket and writing it, others read it too. Redis can do both in one step."
    )


class Pausing(Connection):
    """A connection that gives somebody else a turn before one of its commands."""

    commands_left = 0
    turn: Callable[[], Awaitable[object]]

    async def send_packed_command(
        self,
        command: bytes | str | Iterable[bytes],
        check_health: bool = True,
    ) -> None:
        """Send a command; before the last one that is left, somebody has a turn."""
        Pausing.commands_left -= 1
        if Pausing.commands_left == 0:
            await Pausing.turn()
        await super().send_packed_command(command, check_health)


def another_worker(url: str) -> int:
    """Let a worker count two requests, with a loop and a copy of your module."""
    spec = importlib.util.find_spec("waybill.shared_limits")
    assert spec is not None and spec.loader is not None  # noqa: PT018 - for mypy
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))

    async def serve() -> int:
        async with Redis.from_url(url) as redis:
            limiter = module.RedisBucket(redis, make(redis, 3, HOUR).limit)
            return sum([(await ask(limiter)).allowed for _ in range(2)])

    return asyncio.run(serve())


async def test_no_worker_comes_in_between(
    url: str,
    workers: list[Redis],
    patiently: Callable[[], AbstractContextManager[object]],
) -> None:
    """Whenever another worker has its turn, exactly `requests` pass."""
    for number in range(2, MOST_COMMANDS):
        await workers[0].flushall()
        others: list[asyncio.Task[int]] = []

        async def turn(others: list[asyncio.Task[int]] = others) -> None:
            others.append(asyncio.create_task(asyncio.to_thread(another_worker, url)))
            with patiently():  # it may wait for a lock that this one holds
                await asyncio.wait(others)

        async with Redis.from_url(url, connection_class=Pausing) as redis:
            await redis.ping()
            limiter = make(redis, 3, HOUR)
            Pausing.turn, Pausing.commands_left = turn, number
            passed = int((await ask(limiter)).allowed)
            Pausing.commands_left = 0
            if not others:
                break  # one that needs fewer commands
            passed += await others[0]
            passed += sum([(await ask(limiter)).allowed for _ in range(4)])
        assert passed == 3, (
            f"The limit is 3. Before a request sent Redis its command number {number}, "
            "another worker counted two of the same caller; four more came afterwards. "
            f"{passed} passed. A lock in Python holds one process only; Redis can read "
            "and write in one step."
        )


# - The `Hit` is what a `TokenBucket` would say.
@pytest.mark.parametrize(("requests", "seconds"), [(4, 7200.0), (8, 1000.5)])
async def test_a_hit_says_what_is_left(
    workers: list[Redis], requests: int, seconds: float
) -> None:
    """A `Hit` says what `TokenBucket`'s would say."""
    from waybill.limits import TokenBucket

    limiter = make(workers[0], requests, seconds)
    twin = TokenBucket(limiter.limit, lambda: 0.0)
    for number in range(requests + 2):
        hit, expected = await ask(limiter), await twin.hit("account 7")
        assert (hit.allowed, hit.remaining) == (expected.allowed, expected.remaining), (
            f"Of {requests} in {seconds:g} seconds, request number {number + 1} got "
            f"{hit}; a TokenBucket says {expected}."
        )
        assert (hit.wait, hit.reset) == pytest.approx(
            (expected.wait, expected.reset), abs=5
        ), (
            f"Of {requests} in {seconds:g} seconds, request number {number + 1} got "
            f"{hit}; a TokenBucket says {expected}. Does a number lose its fraction on "
            "its way out of Redis?"
        )


async def now(redis: Redis) -> float:
    """Return what Redis's clock shows."""
    seconds, microseconds = await redis.time()
    return float(seconds) + float(microseconds) / 1_000_000


async def test_it_fills_evenly(workers: list[Redis]) -> None:
    """It gains `requests` tokens in `seconds`, in fractions of a second as well."""
    limiter = make(workers[0], 4, 0.1)
    for _ in range(2):
        await asyncio.gather(*(ask(limiter) for _ in range(8)))
        started = await now(workers[0])
        while not (await ask(limiter)).allowed:
            waited = await now(workers[0]) - started
            assert waited < 0.5, (
                "4 in 0.1 seconds: a token comes every 25 milliseconds. An emptied "
                f"bucket was still empty {waited:.1f} seconds later, while its caller "
                "asked on and on. Keep fractions of tokens and of seconds, and take "
                "none from whoever is refused."
            )


async def pass_by(redis: Redis, seconds: float) -> float:
    """Return how many seconds went by on Redis's clock, when so many did."""
    started = await now(redis)
    while (waited := await now(redis) - started) < seconds:
        pass
    return waited


async def test_fractions_come_out(workers: list[Redis]) -> None:
    """The wait grows shorter while a token comes in."""
    limiter = make(workers[0], 2, 0.52)
    await asyncio.gather(*(ask(limiter) for _ in range(4)))
    waited = await pass_by(workers[0], 0.1)
    hit = await ask(limiter)
    assert hit.wait <= max(0.261 - waited, 0), (
        "2 in 0.52 seconds: a token comes in 0.26 seconds. A bucket was emptied, "
        f"{waited:.3f} seconds went by, and the next request was told to wait "
        f"{hit.wait:.3f}. A number on its way out of a script loses its fraction; a "
        "text keeps it, and `seconds` has a fraction on its way in as well."
    )


async def test_it_never_overflows(workers: list[Redis]) -> None:
    """However long nobody asks, a bucket holds no more than `requests` tokens."""
    limiter = make(workers[0], 4, 0.01)
    await ask(limiter)
    await pass_by(workers[0], 0.02)
    hit = await ask(limiter)
    assert hit.remaining <= 3, (
        "4 in 0.01 seconds. A caller asked, stayed away for 0.02 seconds, asked again, "
        f"and {hit.remaining} were said to remain. A full bucket holds 4, and gains "
        "nothing."
    )


# - The time is that of Redis.
async def test_the_time_is_redis_own(
    workers: list[Redis], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is Redis's: a worker whose clock is ahead finds no fuller bucket."""
    from waybill import shared_limits

    one, two = (make(redis, 3, HOUR) for redis in workers)
    for _ in range(3):
        await ask(one)

    class Tomorrow(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Tomorrow":
            return super().now(tz) + dt.timedelta(days=1)

    ahead: dict[Any, Any] = {dt.datetime: Tomorrow}
    for clock in (time.time, time.monotonic):
        ahead[clock] = lambda clock=clock: clock() + 24 * HOUR
        monkeypatch.setattr(time, clock.__name__, ahead[clock])
    monkeypatch.setattr(dt, "datetime", Tomorrow)
    for name, value in list(vars(shared_limits).items()):
        if value in (time.time, time.monotonic):
            continue
        for real, fake in ahead.items():
            if value is real:
                monkeypatch.setattr(shared_limits, name, fake)
    hit = await ask(two)
    assert not hit.allowed, (
        "A bucket was emptied through one worker. Another worker's clock is a day "
        "ahead, and it let the same caller in. Ask Redis what time it is."
    )


# - Keys begin with `waybill:`.
@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(("requests", "seconds"), [(2, 100), (3, 7.5), (4, 1.9)])
async def test_keys_expire(
    workers: list[Redis], requests: int, seconds: float, later: bool
) -> None:
    """Every key begins with `waybill:`, and expires when its bucket is full again."""
    redis = workers[0]
    limiter = make(redis, requests, seconds)
    await ask(limiter)
    if later:  # as if three quarters of what it was given had gone by
        for key in await redis.keys():
            await redis.pexpire(key, int(seconds * 250))
    for _ in range(requests - 1):
        started = await now(redis)
        hit = await ask(limiter)
    keys = [key.decode() for key in await redis.keys()]
    assert keys, "A request was counted, and Redis holds no key."
    foreign = [key for key in keys if not key.startswith("waybill:")]
    assert not foreign, (
        f"Redis holds {foreign}. Others may use this Redis too: begin with `waybill:`."
    )
    for key in keys:
        left = await redis.pttl(key) / 1000
        assert left > 0, (
            f"{key} never expires. Each address that ever asked would stay: give it a "
            "time to live, whenever it is written."
        )
        since = await now(redis) - started
        assert hit.reset - since - 0.01 < left <= 2 * seconds + 1, (
            f"With {requests} in {seconds:g} seconds, a bucket is full again "
            f"{hit.reset:g} seconds after the last request. {since:.3f} seconds after "
            f"it, {key} has {left:g} seconds to live. If it vanishes earlier, its "
            "caller has a full bucket too early; much later, it is in the way."
        )
