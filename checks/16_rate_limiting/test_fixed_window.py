"""Checks of rate_limiting.fixed_window: so many requests in each window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from waybill.limits import FixedWindow, Hit

Clock = Callable[[], float]


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        self.asked += 1
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    """A clock that a check moves."""
    return MovableClock()


def make(requests: int, seconds: float, clock: Clock) -> "FixedWindow":
    """Return a limiter of so many requests in so many seconds."""
    from waybill.limits import FixedWindow, Limit

    return FixedWindow(Limit(requests, seconds), clock)


async def ask(limiter: "FixedWindow", key: str = "lena") -> "Hit":
    """Count a request and return what became of it."""
    from waybill.limits import Hit

    hit = await limiter.hit(key)
    assert isinstance(hit, Hit), f"`hit` should return a Hit; it returned {hit!r}."
    return hit


def said(hit: "Hit") -> str:
    """Return whether a request was allowed, in a word."""
    return "allowed" if hit.allowed else "refused"


@pytest.mark.parametrize(
    ("requests", "seconds", "start"), [(3, 60, 50.0), (1, 10, 0.0), (7, 2.5, 100.5)]
)
async def test_so_many_pass_in_a_window(
    clock: MovableClock, requests: int, seconds: float, start: float
) -> None:
    """In one window so many requests of a key are allowed, and no more."""
    limiter = make(requests, seconds, clock)
    clock.now = start
    answers = [said(await ask(limiter)) for _ in range(requests + 3)]
    expected = ["allowed"] * requests + ["refused"] * 3
    assert answers == expected, (
        f"The limit is {requests} in {seconds:g} seconds, and {requests + 3} requests "
        f"came at {start:g}. Expected: {expected}; it was {answers}."
    )


async def test_the_clock_is_the_one_handed_in(clock: MovableClock) -> None:
    """The time is what the limiter's clock says."""
    limiter = make(1, 60, clock)
    clock.asked = 0
    await ask(limiter)
    assert clock.asked, (
        "The limiter was given a clock, counted a request, and never asked that clock "
        "what time it is. With another one, a test would have to wait."
    )


@pytest.mark.parametrize("minute", [60.0, 10.0, 0.5])
async def test_a_window_begins_at_a_multiple(
    clock: MovableClock, minute: float
) -> None:
    """A window begins whenever the clock shows a multiple of `seconds`."""
    limiter = make(2, minute, clock)
    for windows, expected in (
        (1.75, "allowed"),
        (1.875, "allowed"),
        (1.9375, "refused"),
        (2.0, "allowed"),
        (2.5, "allowed"),
        (2.9375, "refused"),
        (10.0, "allowed"),
    ):
        clock.now = windows * minute
        answer = said(await ask(limiter))
        assert answer == expected, (
            f"Two in {minute:g} seconds: seven came, and the one at {clock.now:g} was "
            f"{answer}; it should be {expected}. A window begins at every multiple of "
            f"{minute:g}, here at {int(windows) * minute:g}, and counts from zero."
        )


async def test_callers_are_counted_apart(clock: MovableClock) -> None:
    """Each key is counted on its own."""
    limiter = make(2, 60, clock)
    for _ in range(3):
        await ask(limiter, "bot")
    hit = await ask(limiter, "lena")
    assert (hit.allowed, hit.remaining) == (True, 1), (
        f"A bot had used up its two requests; Lena's first was {said(hit)}, with "
        f"{hit.remaining} remaining. Count by key: hers are two as well."
    )
    hit = await ask(limiter, "bot")
    assert not hit.allowed, (
        "A bot had used up its requests, Lena asked once, and the bot was allowed "
        "another one. What one caller does may not give another one more."
    )


async def test_it_says_how_many_remain(clock: MovableClock) -> None:
    """`remaining` says how many are left in this window, and is never below 0."""
    limiter = make(3, 60, clock)
    clock.now = 200.0
    left = [(await ask(limiter)).remaining for _ in range(5)]
    assert left == [2, 1, 0, 0, 0], (
        f"Of three in a window, five were asked for. Remaining should be [2, 1, 0, 0, "
        f"0] after each; it was {left}."
    )
    clock.now = 240.0
    hit = await ask(limiter)
    assert hit.remaining == 2, (
        f"A new window of three had begun, and after one request {hit.remaining} were "
        "said to remain; it should be 2."
    )


async def test_it_says_how_long(clock: MovableClock) -> None:
    """`reset` is the time until the next window; `wait` too, or 0 if one is left."""
    limiter = make(2, 60, clock)
    for now, wait, reset in ((70.0, 0, 50), (75.5, 44.5, 44.5), (90.0, 30, 30)):
        clock.now = now
        hit = await ask(limiter)
        assert hit.reset == pytest.approx(reset), (
            f"At {now:g}, in windows of 60 seconds, the next begins in {reset:g} "
            f"seconds; `reset` says {hit.reset:g}."
        )
        assert hit.wait == pytest.approx(wait), (
            f"Two in 60 seconds, asked at 70, 75.5 and 90: at {now:g} the next one is "
            f"allowed in {wait:g} seconds, and `wait` says {hit.wait:g}."
        )
