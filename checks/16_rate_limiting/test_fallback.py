"""Checks of rate_limiting.fallback: what counts while Redis is gone."""

import logging
from typing import TYPE_CHECKING

import pytest
import redis.exceptions

if TYPE_CHECKING:
    from waybill.limits import Hit, Limit
    from waybill.shared_limits import Fallback

GONE = [
    redis.exceptions.ConnectionError("Error 111 connecting to 10.0.0.9:6379"),
    redis.exceptions.TimeoutError("Timeout reading from 10.0.0.9:6379"),
    redis.exceptions.BusyLoadingError("Redis is loading the dataset in memory"),
    redis.exceptions.ResponseError("OOM command not allowed"),
]


class Scripted:
    """A limiter that answers what it is told to, and notes who was counted."""

    def __init__(self, limit: "Limit", answer: "Hit | Exception") -> None:
        self.limit = limit
        self.answer = answer
        self.counted: list[str] = []

    async def hit(self, key: str) -> "Hit":
        """Note a request, then answer or fail."""
        self.counted.append(key)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def shared() -> Scripted:
    """The limiter of all workers, in good health."""
    from waybill.limits import Hit, Limit

    return Scripted(Limit(70, 30), Hit(True, 69, 0, 0.4))


@pytest.fixture
def own() -> Scripted:
    """The limiter of this worker, which has had enough."""
    from waybill.limits import Hit, Limit

    return Scripted(Limit(9, 30), Hit(False, 0, 0.3, 29.5))


@pytest.fixture
def fallback(shared: Scripted, own: Scripted) -> "Fallback":
    """What is checked."""
    from waybill.shared_limits import Fallback

    return Fallback(shared, own)


async def ask(fallback: "Fallback", key: str, shared: Scripted) -> "Hit":
    """Count a request; no RedisError may come out."""
    shared.counted.clear()
    try:
        hit = await fallback.hit(key)
    except redis.exceptions.RedisError as error:
        name = f"{type(error).__module__}.{type(error).__name__}"
        raise AssertionError(
            f"The shared limiter raised {name}, and it came out: the client would read "
            "a 500. RedisError is the base of all that redis-py raises; Python's own "
            "ConnectionError is another class."
        ) from error
    asked = shared.counted.count(key)
    assert asked == 1, (
        f"A request of {key} came, and the shared limiter was asked {asked} times. It "
        "is first in line each time, whatever happened before, and asked once."
    )
    return hit


# - While `shared` answers, its answer counts, and `own` isn't asked.
async def test_together_while_it_works(
    fallback: "Fallback", shared: Scripted, own: Scripted
) -> None:
    """While the shared limiter answers, its answer counts and no other is asked."""
    for answer in (shared.answer, own.answer):
        shared.answer = answer
        hit = await ask(fallback, "account 7", shared)
        assert hit == answer, (
            f"The shared limiter said {answer}, and Fallback said {hit}. Its answer "
            "stands, whether it allows or refuses."
        )
    assert not own.counted, (
        "The shared limiter answered, and the worker's own counted as well. It is "
        "asked only while the shared one fails."
    )


# - While `shared` raises `RedisError`, `own` counts, and its answer is returned.
@pytest.mark.parametrize("error", GONE, ids=lambda error: type(error).__name__)
async def test_alone_while_it_fails(
    fallback: "Fallback", shared: Scripted, own: Scripted, error: Exception
) -> None:
    """While the shared limiter raises `RedisError`, the own one's answer counts."""
    from waybill.limits import Hit

    shared.answer = error
    for answer in (own.answer, Hit(True, 12, 0, 24.5)):
        own.answer = answer
        hit = await ask(fallback, "address 203.0.113.7", shared)
        assert own.counted, (
            f"The shared limiter raised {type(error).__name__}, the worker's own "
            f"wasn't asked, and a request got {hit}. Whoever can make Redis fail could "
            "then send as many as they like, or nobody could send any."
        )
        assert own.counted[-1] == "address 203.0.113.7", (
            f"A request of address 203.0.113.7 was counted for {own.counted[-1]!r}."
        )
        assert hit == answer, (
            f"The shared limiter raised {type(error).__name__}, the worker's own said "
            f"{answer}, and Fallback said {hit}. Return the own one's answer."
        )
    assert len(own.counted) == 2, (
        f"Two requests came while Redis was gone; the worker's own limiter counted "
        f"{len(own.counted)}."
    )


# - `shared` is asked first each time, so it counts again as soon as it is back.
async def test_together_again_when_it_is_back(
    fallback: "Fallback", shared: Scripted, own: Scripted
) -> None:
    """When the shared limiter answers again, it counts again."""
    healthy, before = shared.answer, 0
    for times in (3, 25):
        shared.answer = GONE[0]
        for _ in range(times):
            await ask(fallback, "account 7", shared)
        assert len(own.counted) == before + times, (
            f"Redis was gone for {times} requests; the worker's own limiter counted "
            f"{len(own.counted) - before} of them."
        )
        shared.answer = healthy
        hit = await ask(fallback, "account 8", shared)
        assert hit == healthy, (
            f"Redis was gone and is back; the shared limiter said {healthy}, and "
            f"Fallback said {hit}. Ask the shared one first, each time anew."
        )
        before = len(own.counted)


# - Each failure is one warning of the logger `waybill.limits`.
async def test_a_failure_is_a_warning(
    fallback: "Fallback", shared: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    """Each failure is a warning of the logger `waybill.limits`; no success is."""
    caplog.set_level(logging.INFO)
    await ask(fallback, "account 7", shared)
    quiet = [one.getMessage() for one in caplog.records if one.name == "waybill.limits"]
    assert not quiet, f"Redis answered, and `waybill.limits` logged {quiet}."
    shared.answer = GONE[1]
    for count in (1, 2):
        await ask(fallback, "account 7", shared)
        lines = [(one.name, one.levelname) for one in caplog.records]
        found = lines.count(("waybill.limits", "WARNING"))
        assert found == count, (
            f"After failure number {count} of Redis, the warnings of `waybill.limits` "
            f"are {found}; it should be one for each. Logged was "
            f"{lines or 'nothing'}. Whoever is on call would like to know."
        )


# - Any other exception goes on as it is.
@pytest.mark.parametrize(
    "error",
    [TypeError("a mistake"), KeyError("tokens"), ConnectionError(1), TimeoutError(2)],
)
async def test_other_errors_go_on(
    fallback: "Fallback", shared: Scripted, error: Exception
) -> None:
    """An exception that is no `RedisError` goes on as it is."""
    shared.answer = error
    came_out: object = None
    try:
        hit = await fallback.hit("account 7")
    except Exception as raised:  # noqa: BLE001 - what it is, is compared below
        came_out = raised
    assert came_out, (
        f"The shared limiter raised {error!r}, which is a mistake in code and not a "
        f"Redis that is gone. Fallback hid it and said {hit}. Catch RedisError alone."
    )
    assert came_out is error, (
        f"The shared limiter raised {error!r}, and {came_out!r} came out."
    )


# - `limit` is the limit of `shared`.
async def test_the_limit_is_the_shared_one(
    fallback: "Fallback", shared: Scripted
) -> None:
    """`limit` is the shared limiter's."""
    limit = getattr(fallback, "limit", None)
    assert limit == shared.limit, (
        f"`limit` is {limit!r}; the shared limiter's is {shared.limit!r}. The "
        "middleware reads it for its headers."
    )
