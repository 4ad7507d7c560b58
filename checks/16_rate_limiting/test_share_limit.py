"""Checks of rate_limiting.share_limit: Redis counts, as long as it is there."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from waybill.limits import Hit
    from waybill.shared_limits import RedisBucket

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def make(tmp_path: Path) -> FastAPI:
    """Return a Waybill with a database of its own."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    return create_app(Settings(environment="development", database_url=url))


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[None]:
    """Start an app, as a server would, and stop it."""
    context = app.router.lifespan_context(app)
    try:
        await context.__aenter__()
    except (RedisError, OSError, RuntimeError, ValueError) as error:
        raise AssertionError(
            f"There is no Redis, and Waybill didn't start: {error!r}. Without a URL "
            "none is needed; with one, redis-py connects with the first command."
        ) from error
    try:
        yield
    finally:
        await context.__aexit__(None, None, None)


async def statuses(client: httpx.AsyncClient, *paths: str) -> list[int]:
    """Return what paths are answered, one after the other."""
    return [(await client.get(path)).status_code for path in paths]


class Counting:
    """Stands for Redis: what `RedisBucket.hit` does instead."""

    def __init__(self) -> None:
        self.gone = False
        self.counted: list[tuple[str, object]] = []

    async def hit(self, bucket: "RedisBucket", key: str) -> "Hit":
        """Refuse, so that it is known who answered; or be gone."""
        from waybill.limits import Hit

        if self.gone:
            raise NoConnectionError("Redis is gone")
        self.counted.append((key, bucket.limit))
        return Hit(False, 0, 1.5, 2.5)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """What counts in the place of every RedisBucket."""
    from waybill.shared_limits import RedisBucket

    counting = Counting()

    async def hit(bucket: "RedisBucket", key: str) -> "Hit":
        return await counting.hit(bucket, key)

    monkeypatch.setattr(RedisBucket, "hit", hit)
    return counting


# - With a URL, a `RedisBucket` counts for `app.state.limiter`, and another one for
# `app.state.attempts`.
async def test_redis_counts_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str, counting: Counting
) -> None:
    """With `WAYBILL_REDIS_URL`, a `RedisBucket` counts for each of both limiters."""
    for url in (None, dead):
        if url:
            monkeypatch.setenv("WAYBILL_REDIS_URL", url)
        app = make(tmp_path)
        for name in ("limiter", "attempts"):
            counting.counted.clear()
            limit = getattr(app.state, name).limit
            async with started(app):
                await getattr(app.state, name).hit("account 7")
            expected = [("account 7", limit)] if url else []
            assert counting.counted == expected, (
                f"WAYBILL_REDIS_URL is {url or 'not set'}, and `app.state.{name}` was "
                f"asked once for account 7. RedisBucket counted {counting.counted}; "
                f"it should be {expected}."
            )


async def test_a_wrong_url_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A URL that can't be meant is refused, and not repeated in the error."""
    monkeypatch.setenv("WAYBILL_REDIS_URL", "pigeon")
    app, said = make(tmp_path), ""
    try:
        async with app.router.lifespan_context(app):
            pass
    except ValidationError as error:
        said = str(error)
    assert said, (
        "Waybill started with WAYBILL_REDIS_URL=pigeon. RedisSettings refuses it."
    )
    assert "pigeon" not in said, f"The error repeats what may hold a password: {said}"


# - While Redis fails, the app's own limiter counts, as `Fallback` does it.
async def test_the_app_counts_while_redis_fails(
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    dead: str,
    counting: Counting,
) -> None:
    """While Redis fails, the app's own limiters count; afterwards Redis does."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "2")
    monkeypatch.setenv("WAYBILL_SIGN_IN_REQUESTS", "1")
    monkeypatch.setenv("WAYBILL_REDIS_URL", dead)
    app = make(tmp_path)
    await app.state.attempts.hit("lena")
    async with started(app), connect(app, raise_app_exceptions=False) as client:
        counting.gone = True
        found = await statuses(client, *["/v1/rates/DE"] * 4)
        assert found == [200, 200, 429, 429], (
            "Redis went away while Waybill was serving, with a limit of 2. Four "
            f"requests were answered {found}; expected: [200, 200, 429, 429], counted "
            "by the app alone."
        )
        try:
            hits = [await app.state.attempts.hit("lena") for _ in range(2)]
        except RedisError as error:
            raise AssertionError(
                f"Redis is gone, and `app.state.attempts` raised {error!r}. It needs a "
                "Fallback as well."
            ) from error
        allowed = [hit.allowed for hit in hits]
        assert allowed == [False, False], (
            "One password in five minutes is allowed, and was tried before the start. "
            "Redis is gone, two more were tried, and `app.state.attempts` allowed "
            f"{allowed}. Fall back to the app's own limiter, not to a fresh one."
        )
        counting.gone = False
        await statuses(client, "/v1/rates/DE")
        assert counting.counted, "Redis is back, and didn't count."


# - When the app stops, it counts alone again.
async def test_a_stopped_app_counts_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str, counting: Counting
) -> None:
    """After the stop, both limiters are the ones that the app had before."""
    monkeypatch.setenv("WAYBILL_REDIS_URL", dead)
    app = make(tmp_path)
    before = app.state.limiter, app.state.attempts
    for what in ("as usual", "with an error"):
        with suppress(KeyError):
            async with app.router.lifespan_context(app):
                if what != "as usual":
                    raise KeyError(what)
        after = app.state.limiter, app.state.attempts
        assert after == before, (
            f"The app stopped {what}, and its limiters are {after}; before the start "
            f"they were {before}. Give it its own ones back, in a `finally`."
        )
    assert not counting.counted, f"Nobody asked, and Redis counted {counting.counted}."


# - Waybill starts without Redis, too.
async def test_it_starts_without_redis(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str
) -> None:
    """With a Redis that isn't there, Waybill starts, answers and limits."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "3")
    monkeypatch.setenv("WAYBILL_REDIS_URL", dead)
    app = make(tmp_path)
    for start in ("first", "second"):
        async with (
            started(app),
            connect(app, raise_app_exceptions=False) as client,
        ):
            found = await statuses(client, *["/v1/rates/DE"] * 5)
        expected = [200] * 3 + [429] * 2 if start == "first" else [429] * 5
        assert found == expected, (
            f"Nobody listens at {dead}. After the {start} start of an app with a limit "
            f"of 3, five requests were answered {found}; expected: {expected}. What "
            "counts while Redis fails? You wrote it in the kata before."
        )


# - If Redis never answers, a `hit` still takes less than a quarter of a second.
async def test_a_hanging_redis_does_not_hang_waybill(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    silent: str,
    connections: list[asyncio.StreamWriter],
    patiently: Callable[[], AbstractContextManager[object]],
) -> None:
    """If Redis never answers, a `hit` still takes less than a quarter of a second."""
    monkeypatch.setenv("WAYBILL_REDIS_URL", silent)
    app = make(tmp_path)
    # Not `connect`: there may be no answer to record.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    found: list[int] = []
    with patiently():
        async with (
            started(app),
            httpx.AsyncClient(transport=transport, base_url="http://waybill") as client,
        ):
            found = await statuses(client, "/v1/rates/DE")
    assert found, (
        "A Redis took the connection and never answered, and Waybill waited for it, "
        "on and on. Tell redis-py how long it may wait, for a connection and for an "
        "answer."
    )
    assert found == [200], f"A Redis never answered; GET /v1/rates/DE got {found[0]}."
    assert connections, (
        "WAYBILL_REDIS_URL is set, a request came, and nobody connected to Redis."
    )


async def test_redis_py_knows_how_long_it_may_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str
) -> None:
    """A connection and an answer are waited for less than a quarter of a second."""
    from redis.asyncio import Connection

    waits: list[float | None] = []

    async def connect(connection: Connection, *_details: object) -> None:
        waits.extend((connection.socket_connect_timeout, connection.socket_timeout))
        raise NoConnectionError("there is no network")

    for name in ("connect", "connect_check_health"):
        monkeypatch.setattr(Connection, name, connect)
    monkeypatch.setenv("WAYBILL_REDIS_URL", dead)
    app = make(tmp_path)
    async with started(app):
        for limiter in (app.state.limiter, app.state.attempts):
            waits.clear()
            await limiter.hit("account 7")
            assert waits, "WAYBILL_REDIS_URL is set, and nobody connected to Redis."
            assert all(wait and wait < 0.25 for wait in waits), (
                "redis-py waits for (a connection, an answer) as long as "
                f"{(waits[0], waits[1])} says, in seconds. Both should be less than "
                "0.25: a Redis behind a broken network answers neither."
            )
