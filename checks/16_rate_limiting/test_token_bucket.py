"""Checks of rate_limiting.token_bucket: a bucket that fills evenly."""

import asyncio
import itertools
from math import ceil
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from waybill.limits import Hit, TokenBucket

MOMENT = 1e-6  # seconds that floats may be off by


class Clock(Protocol):
    """The clock of conftest.py: a check moves it, and sees how it is used."""

    now: float
    asked: int
    used: int

    def __call__(self) -> float: ...


def make(requests: int, seconds: float, clock: Clock) -> "TokenBucket":
    """Return a limiter of so many requests in so many seconds."""
    from waybill.limits import Limit, TokenBucket

    return TokenBucket(Limit(requests, seconds), clock)


async def ask(limiter: "TokenBucket", key: str = "lena") -> "Hit":
    """Count a request and return what became of it."""
    from waybill.limits import Hit

    hit = await limiter.hit(key)
    assert isinstance(hit, Hit), f"`hit` should return a Hit; it returned {hit!r}."
    return hit


async def allowed(limiter: "TokenBucket", times: int, key: str = "lena") -> int:
    """Return how many of so many requests are allowed, one after the other."""
    return sum([(await ask(limiter, key)).allowed for _ in range(times)])


# - A new bucket holds `requests` tokens, and each allowed request takes one.
@pytest.mark.parametrize(("requests", "seconds"), [(4, 60), (1, 3600), (20, 0.5)])
async def test_a_new_bucket_is_full(
    clock: Clock, requests: int, seconds: float
) -> None:
    """A new caller may ask `requests` times at once; then a request is refused."""
    passed = await allowed(make(requests, seconds, clock), requests + 3)
    assert passed == requests, (
        f"The limit is {requests} in {seconds:g} seconds. {requests + 3} requests came "
        f"at once, and {passed} were allowed; a new bucket holds {requests} tokens."
    )


# - A bucket gains `requests` tokens in `seconds`, by fractions, and never holds more
# than `requests`.
async def test_it_fills_evenly(clock: Clock) -> None:
    """It gains `requests` tokens in `seconds`, one after the other."""
    limiter = make(4, 60, clock)
    await allowed(limiter, 4)
    for later in (16, 31, 46):
        clock.now = 1000.0 + later
        hit = await ask(limiter)
        assert hit.allowed, (
            "Four in 60 seconds: a token comes every 15 seconds. The bucket was "
            "emptied, and a request came at 16, at 31 and at 46 seconds. At "
            f"{later} it was refused; each of them should find a token."
        )
    hit = await ask(limiter)
    assert not hit.allowed, (
        "Four in 60 seconds. The bucket was emptied, and 46 seconds later a fourth "
        "request was allowed; three tokens had come in."
    )


# - With less than one whole token the request is refused, and nothing is taken.
async def test_fractions_count(clock: Clock) -> None:
    """Parts of a token add up, and a refused request takes nothing."""
    limiter = make(2, 60, clock)
    await allowed(limiter, 2)
    for tenth in range(1, 300):
        clock.now = 1000.0 + tenth / 10
        hit = await ask(limiter)
        assert not hit.allowed, (
            "Two in 60 seconds: a token comes in 30 seconds. The bucket was emptied, "
            f"and a request {tenth / 10:g} seconds later was allowed."
        )
    clock.now = 1030.1
    hit = await ask(limiter)
    assert hit.allowed, (
        "Two in 60 seconds. The bucket was emptied, a client asked ten times a second, "
        "and was refused after 30.1. Keep fractions, and take none from the refused."
    )


# - A bucket gains `requests` tokens in `seconds`, by fractions, and never holds more
# than `requests`.
@pytest.mark.parametrize("away", [59, 100_000])
async def test_it_never_overflows(clock: Clock, away: int) -> None:
    """However long nobody asks, a bucket holds no more than `requests` tokens."""
    limiter = make(3, 60, clock)
    for later in (0, 15):  # so that a part of a token is in it, too
        clock.now += later
        await allowed(limiter, 1)
    clock.now += away
    passed, wait = await allowed(limiter, 10), round((await ask(limiter)).wait)
    assert (passed, wait) == (3, 20), (
        f"Three in 60 seconds. A caller asked, 15 and {away} more seconds later again, "
        f"then ten times: {passed} were allowed, and the wait is {wait}; it should be "
        "3 and 20. A full bucket gains nothing, and no part of a token is on top."
    )


async def test_no_moment_is_lost() -> None:
    """All of the time between two requests counts."""
    shown = itertools.count(1.0)
    limiter = make(1, 4, lambda: next(shown))
    passed, seconds = await allowed(limiter, 400), next(shown)
    assert passed >= seconds // 4 - 1, (
        f"One in 4 seconds. Somebody asked all the time for {seconds:g} seconds, and "
        f"{passed} requests were allowed. What passes between two looks at the clock "
        "is lost: look once."
    )


# - Each `key` has a bucket of its own, and a bucket counts correctly when many ask at
# once.
async def test_callers_have_a_bucket_each(clock: Clock) -> None:
    """Each key has a bucket of its own."""
    limiter = make(3, 60, clock)
    await allowed(limiter, 5, "bot")
    for key in ("lena", "Bot", "bot "):
        passed = await allowed(limiter, 5, key)
        assert passed == 3, (
            f"`bot` had emptied its bucket. Of five requests of {key!r} {passed} were "
            "allowed; it should be 3, as of anybody's."
        )
    clock.now += 21
    both = await allowed(limiter, 2, "bot"), await allowed(limiter, 2, "lena")
    said = "The bot and Lena had emptied their buckets, and asked twice 21 seconds on: "
    assert both == (1, 1), f"{said}{both[0]} and {both[1]} were allowed, not 1 and 1."


async def test_at_once_no_more_pass() -> None:
    """Of requests that come at once, no more pass than there are tokens."""
    limiter = make(5, 60, lambda: 7.0)
    hits = await asyncio.gather(*(limiter.hit("bot") for _ in range(40)))
    passed = sum(hit.allowed for hit in hits)
    assert passed == 5, (
        f"40 requests came at once, the bucket held 5 tokens, {passed} were allowed."
    )


# - The `Hit` is what `describe()` makes of the tokens that are left after the request.
async def test_it_says_what_is_left(clock: Clock) -> None:
    """The hit says how many tokens are left, how long to wait, and when it is full."""
    limiter = make(4, 60, clock)
    for later, expected in (
        (0, (3, 0, 15)),
        (0, (2, 0, 30)),
        (5, (1, 0, 40)),
        (5, (0, 10, 55)),
        (10, (0, 5, 50)),
        (15, (0, 15, 60)),
    ):
        clock.now = 1000.0 + later + MOMENT
        hit = await ask(limiter)
        told = (hit.remaining, hit.wait, hit.reset)
        assert told == pytest.approx(expected, abs=0.001), (
            "Four in 60 seconds, asked at 0, 0, 5, 5, 10 and 15 seconds. At "
            f"{later} the hit should say (remaining, wait, reset) = {expected}; it "
            f"says {told}. Give `describe()` what the bucket holds after the request."
        )


# - Each request forgets up to two callers whose last request is `seconds` or more ago:
async def test_nobody_is_forgotten_too_early(clock: Clock) -> None:
    """Whose bucket is not full yet is not forgotten, whoever else asks."""
    limiter = make(10, 60, clock)
    clock.now = 1031.0
    await allowed(limiter, 10, "bot")
    for second in range(1, 60):
        clock.now = 1031.0 + second + MOMENT
        for number in range(5):
            await ask(limiter, f"caller {second} {number}")
    passed = await allowed(limiter, 20, "bot")
    assert passed == 9, (
        "Ten in 60 seconds. A bot emptied its bucket, and asked again 59 seconds "
        f"later, while others had asked all the time. {passed} of its 20 requests were "
        "allowed; it should be 9, which is what came in since."
    )


# - The `Hit` is what `describe()` makes of the tokens that are left after the request.
@pytest.mark.parametrize(("requests", "seconds"), [(7, 60), (3, 70), (46, 3600)])
async def test_who_waits_is_let_in(clock: Clock, requests: int, seconds: float) -> None:
    """Who waits as long as they were told, in seconds rounded up, is let in."""
    limiter = make(requests, seconds, clock)
    for _ in range(20):
        for _ in range(requests + 1):
            hit = await ask(limiter)
        assert not hit.allowed, f"{requests} in {seconds:g} s: one more was allowed."
        told = ceil(hit.wait)  # as Retry-After says it
        clock.now += told + MOMENT
        again = await ask(limiter)
        assert again.allowed, (
            f"{requests} in {seconds:g} seconds: who was told to wait {hit.wait:g} "
            "(rounded up) and did so was refused again."
        )


# - Each request forgets up to two callers whose last request is `seconds` or more ago:
async def test_memory_has_an_end(clock: Clock) -> None:
    """Each request forgets callers whose last request is `seconds` or more ago."""
    limiter = make(5, 60, clock)
    for number in range(200):
        await ask(limiter, f"bot {number}")
    remembered = limiter.callers
    assert remembered == 200, (
        f"200 callers asked at once, and `callers` says {remembered}. Who is forgotten "
        "gets a full bucket."
    )
    clock.now += 61
    for number in range(100):
        await ask(limiter, "lena" if number % 2 else "noor")
    remembered = limiter.callers
    assert remembered == 2, (
        "200 callers asked. 61 seconds later two others asked 100 times, and `callers` "
        f"says {remembered}; it should be 2, since each request forgets two. Is the "
        "forgetting called, and does whoever asks stand last afterwards?"
    )


async def test_a_few_at_a_time(clock: Clock) -> None:
    """Each request forgets at most ten callers."""
    limiter = make(5, 60, clock)
    for number in range(200):
        await ask(limiter, f"bot {number}")
    clock.now += 61
    before = limiter.callers
    for _ in range(5):
        await ask(limiter)
    forgotten = before + 1 - limiter.callers
    assert 10 <= forgotten <= 50, (
        "200 callers could be forgotten, and five requests came. They forgot "
        f"{forgotten}; it should be 10 to 50, two to ten with each."
    )


@pytest.mark.parametrize("requests", [10, 1])
async def test_who_asks_again_stands_last(clock: Clock, requests: int) -> None:
    """Who keeps asking, allowed or refused, doesn't keep others in memory."""
    limiter = make(requests, 60, clock)
    await allowed(limiter, requests, "regular")
    for number in range(40):
        await ask(limiter, f"visitor {number}")
    for _ in range(2):
        clock.now += 20
        hit = await ask(limiter, "regular")
    clock.now += 21
    await allowed(limiter, 30, "noor")
    remembered = limiter.callers
    answer = "allowed" if hit.allowed else "refused"
    assert remembered <= 2, (
        "A regular caller asked, then 40 visitors did. The regular one asked again "
        f"after 20 and after 40 seconds, and was {answer}. After 61 seconds a new one "
        f"asked 30 times, and `callers` says {remembered}; it should be 2. Whatever "
        "the answer is, store the bucket and move its key to the end: storing alone "
        "leaves it where it was."
    )


# - No request goes through all callers.
@pytest.mark.usefixtures("noted_keys")
async def test_a_request_looks_at_few_callers(clock: Clock) -> None:
    """With many callers, a request looks at as few of them as with few callers."""
    for before_it, after_it in ((0.0, 0.01), (30.0, 0.01), (61.0, 0.01), (0.0, 61.0)):
        counted = {}
        for callers in (20, 2000):
            limiter = make(5, 60, clock)
            for number in range(callers):
                await ask(limiter, f"bot {number}")
                clock.now += before_it / callers
            clock.now += after_it
            for _ in range(3):
                clock.used = 0
                await ask(limiter)
            counted[callers] = clock.used
        few, many = counted[20], counted[2000]
        assert many <= few + 30, (
            f"A request used a time or a key {few} times while 20 callers were "
            f"remembered, and {many} times while 2000 were. So it goes through all of "
            "them, as `list`, `sorted` and `min` do; with 300,000, everybody waits. "
            "`next(iter(…))` looks at the first one only."
        )
