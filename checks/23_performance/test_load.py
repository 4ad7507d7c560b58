"""Checks of performance.load: requests that come when they are due."""

import asyncio
import heapq
import math
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import httpx
import pytest

Ask = Callable[[], Awaitable[object]]


class Time:
    """A clock that stands still until everybody waits, and then goes to the next."""

    def __init__(self, now: float = 500.0) -> None:
        self.start = self.now = now
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def clock(self) -> float:
        """Return the seconds that it shows."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait for so many of its seconds."""
        woken = asyncio.get_running_loop().create_future()
        until = self.now + max(seconds, 0)
        heapq.heappush(self._waiting, (until, next(self._numbers), woken))
        await woken

    async def run(self, ask: Ask, rate: float, many: int) -> list[Any]:
        """Let the learner's load run, and move the clock for it."""
        from tests.load import load

        task = asyncio.create_task(
            load(ask, rate, many, clock=self.clock, sleep=self.sleep)  # type: ignore[arg-type]
        )
        for _ in range(2_000):
            for _ in range(30):
                await asyncio.sleep(0)
            if task.done():
                return [*await task]
            assert self._waiting, (
                "Nobody waits by `sleep`, and your load hasn't ended. Wait with the "
                "function `sleep` that it was given."
            )
            until, _, woken = heapq.heappop(self._waiting)
            self.now = max(self.now, until)
            if not woken.done():
                woken.set_result(None)
        task.cancel()
        raise AssertionError(f"Your load of {many} requests didn't end.")


def rounded(times: list[float]) -> list[float]:
    """Return seconds as they are told."""
    return [round(one, 6) for one in times]


# - The request number `n`, from 0, is due `n / rate` seconds after the start. It is
# sent then, or at once if the test itself is late.
@pytest.mark.parametrize(("rate", "many"), [(10, 3), (4, 9), (0.5, 4), (2, 1)])
@pytest.mark.parametrize("takes", [0.0, 5.0])
async def test_it_is_sent_when_it_is_due(rate: float, many: int, takes: float) -> None:
    """A request is sent when it is due, however long the earlier ones take."""
    time = Time()
    sent: list[float] = []

    async def ask() -> None:
        sent.append(time.now - time.start)
        if takes:
            await time.sleep(takes)

    await time.run(ask, rate, many)
    expected = [number / rate for number in range(many)]
    assert rounded(sent) == rounded(expected), (
        f"With rate={rate} and many={many}, while each answer takes {takes:g} seconds, "
        f"requests went out at {rounded(sent)}; due were {rounded(expected)}. Waiting "
        "for an answer must hold up nobody."
    )


async def test_a_test_that_is_late_sends_at_once() -> None:
    """If the test itself is late, a request is sent at once, and its due stays."""
    time = Time(0.0)

    async def ask() -> None:
        if time.now == time.start:
            time.now += 1.05  # this machine stood still

    visits = await time.run(ask, 10, 12)
    dues = rounded([one.due - time.start for one in visits])
    assert dues == rounded([number / 10 for number in range(12)]), (
        f"The machine stood still for a second, and 12 requests were due at {dues}."
    )
    late = rounded([one.sent - one.due for one in visits[1:11]])
    assert late[0] == pytest.approx(0.95), (
        f"The machine stood still until 1.05. What was due at 0.1 was sent "
        f"{late[0]} seconds late, and 0.95 was expected."
    )
    assert visits[11].sent == pytest.approx(visits[11].due), (
        "What was due after that was not sent in time: count from the start, not from "
        "the request before."
    )


# - A visit says when its request was due, sent and answered, by `clock()`. The visits
# come in the order in which they were due.
@pytest.mark.parametrize("start", [0.0, 73.5])
async def test_a_visit_says_how_it_went(start: float) -> None:
    """A visit says when it was due, sent and answered, in the order of the dues."""
    time = Time(start)
    takes = iter([5.0, 0.25, 1.0, 0.0])

    async def ask() -> None:
        await time.sleep(next(takes))

    visits = await time.run(ask, 2, 4)
    told = [(one.due, one.sent, one.answered) for one in visits]
    expected = [
        (start, start, start + 5),
        (start + 0.5, start + 0.5, start + 0.75),
        (start + 1, start + 1, start + 2),
        (start + 1.5, start + 1.5, start + 1.5),
    ]
    assert told == expected, (
        f"Four requests took 5, 0.25, 1 and 0 seconds. (due, sent, answered) are "
        f"{told}; expected: {expected}."
    )


async def test_nothing_is_sent() -> None:
    """Of no requests, there are no visits."""
    time = Time()

    async def ask() -> None:
        raise LookupError("nothing was to be sent")

    visits = await time.run(ask, 10, 0)
    assert visits == [], f"With many=0 there are {len(visits)} visits."


# - A request that ends with an `httpx.HTTPError` is never answered: `answered` is
# `math.inf`, and all others go on.
@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("too slow"),
        httpx.RemoteProtocolError("broken off"),
    ],
)
@pytest.mark.parametrize("number", [0, 1, 3])
async def test_a_failure_was_never_answered(error: Exception, number: int) -> None:
    """A request that fails was never answered, and all others go on."""
    time = Time()
    numbers = count()

    async def ask() -> None:
        mine = next(numbers)
        await time.sleep(0.7)
        if mine == number:
            raise error

    try:
        visits = await time.run(ask, 10, 4)
    except (httpx.HTTPError, ExceptionGroup) as raised:
        raise AssertionError(
            f"Request {number} ended with {error!r}, and the whole load with "
            f"{raised!r}. The others have to go on."
        ) from None
    answered = [one.answered - time.start for one in visits]
    expected = [0.7, 0.8, 0.9, 1.0]
    expected[number] = math.inf
    assert answered == pytest.approx(expected), (
        f"Request {number} of 4 ended with {error!r}; answered were {answered}, and "
        f"{expected} was expected. Leave no failure out."
    )
    assert visits[number].sent == pytest.approx(visits[number].due), (
        "The request that failed was sent in time, and its visit says otherwise."
    )


# - Any other exception is a mistake of the test, and is raised.
@pytest.mark.parametrize(
    "error", [LookupError("no such token"), ValueError("not JSON")]
)
async def test_a_mistake_is_raised(error: Exception) -> None:
    """Any other exception is raised, by itself or in a group."""
    time = Time()

    async def ask() -> None:
        await time.sleep(0.1)
        raise error

    try:
        visits = await time.run(ask, 10, 3)
    except Exception as raised:  # noqa: BLE001 - which one, is the question
        group = isinstance(raised, ExceptionGroup)
        told = raised.exceptions if group else [raised]  # type: ignore[attr-defined]
        assert error in told, f"`ask` raised {error!r}, and {raised!r} came out."  # noqa: PT017
        return
    raise AssertionError(
        f"`ask` raised {error!r}, a mistake of the test, and your load returned "
        f"{len(visits)} visits. Catch `httpx.HTTPError` only."
    )
