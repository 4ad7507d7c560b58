"""Checks of rate_limiting.fixed_window: so many requests in each window."""

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from waybill.limits import FixedWindow, Hit


class Clock(Protocol):
    """The clock of conftest.py: a check moves it, and sees how it is used."""

    now: float
    asked: int
    used: int

    def __call__(self) -> float: ...


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


# - In each window, the first `requests` of a `key` are allowed and all others are
# refused.
@pytest.mark.parametrize(
    ("requests", "seconds", "start"), [(3, 60, 50.0), (1, 10, 0.0), (7, 2.5, 100.5)]
)
async def test_so_many_pass_in_a_window(
    clock: Clock, requests: int, seconds: float, start: float
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


# - A window begins whenever the clock shows a multiple of `seconds`.
async def test_the_clock_is_the_one_handed_in(clock: Clock) -> None:
    """The time is what the limiter's clock says."""
    limiter = make(1, 60, clock)
    clock.asked = 0
    await ask(limiter)
    assert clock.asked, (
        "The limiter was given a clock, counted a request, and never asked that clock "
        "what time it is. With another one, a test would have to wait."
    )


@pytest.mark.parametrize("minute", [60.0, 10.0, 2.5, 0.5])
async def test_a_window_begins_at_a_multiple(clock: Clock, minute: float) -> None:
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


# - In each window, the first `requests` of a `key` are allowed and all others are
# refused.
async def test_callers_are_counted_apart(clock: Clock) -> None:
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


async def test_limiters_count_apart(clock: Clock) -> None:
    """Two limiters count apart, even the same key."""
    first, second = make(2, 60, clock), make(2, 60, clock)
    for limiter in (first, second, first, first):
        await ask(limiter)
    hit = await ask(second)
    assert (hit.allowed, hit.remaining) == (True, 0), (
        "Lena had used up her two requests of one limiter. Her second one to another "
        f"limiter was {said(hit)}, with {hit.remaining} remaining. Each object needs "
        "counts of its own: make them in `__init__`."
    )


# - In each window, the first `requests` of a `key` are allowed and all others are
# refused.
async def test_a_new_window_is_new_for_everybody(clock: Clock) -> None:
    """A new window counts from zero for every key, whoever asks first."""
    limiter = make(2, 60, clock)
    clock.now = 30.0
    for key in ("bot", "lena", "noor"):
        for _ in range(3):
            await ask(limiter, key)
    clock.now = 65.0
    for key in ("lena", "bot", "noor", "somebody new"):
        answers = [said(await ask(limiter, key)) for _ in range(3)]
        assert answers == ["allowed", "allowed", "refused"], (
            "Three callers had used up their two requests in one window. In the next, "
            f"lena, bot, noor and somebody new asked three times each, in this order; "
            f"{key}'s requests were {answers}. A new window counts from zero for all."
        )


# - `remaining`, `wait` and `reset` are right already:
async def test_it_says_how_many_remain(clock: Clock) -> None:
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


# - `remaining`, `wait` and `reset` are right already:
async def test_it_says_how_long(clock: Clock) -> None:
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


async def test_the_sample_holds(clock: Clock) -> None:
    """The requests of the task's sample are answered as it says."""
    limiter = make(3, 60, clock)
    for now, expected in (
        (50, (True, 2, 0, 10)),
        (51, (True, 1, 0, 9)),
        (52, (True, 0, 8, 8)),
        (53, (False, 0, 7, 7)),
        (60, (True, 2, 0, 60)),
    ):
        clock.now = float(now)
        hit = await ask(limiter)
        told = (hit.allowed, hit.remaining, hit.wait, hit.reset)
        assert told == expected, (
            f"Three in 60 seconds, asked at 50, 51, 52, 53 and 60. At {now} the hit "
            f"should say (allowed, remaining, wait, reset) = {expected}; it says "
            f"{told}."
        )
