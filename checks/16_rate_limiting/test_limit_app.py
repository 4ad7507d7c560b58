"""Checks of rate_limiting.limit_app: a limit that nothing escapes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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

PATHS = ("/v1/rates/DE", "/nope", "/docs", "/v1/parcels", "/openapi.json", "/v1/rates")
LONGEST_ANSWER = 2.0  # twice what the rule says, for busy machines


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


async def test_every_answer_is_limited(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Routes, docs and paths that don't exist count, all together."""
    for requests in (3, 5):
        monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", str(requests))
        async with connect(make(tmp_path), raise_app_exceptions=False) as client:
            found = await statuses(client, *PATHS)
            assert 429 not in found[:requests], (
                f"The limit is {requests}; GET {', '.join(PATHS[:requests])} were "
                f"answered {found[:requests]}."
            )
            again = await statuses(client, *PATHS)
        passed = [
            f"{path} ({status})"
            for path, status in zip(PATHS, again, strict=True)
            if status != 429
        ]
        assert len(passed) < len(PATHS), (
            f"WAYBILL_LIMIT_REQUESTS is {requests}. {2 * len(PATHS)} requests came, "
            "none was answered 429. Is limit_requests one of `extensions`? Then see "
            "what it adds: a router passes a dependency to routes that come later, "
            "and what stands around the whole app meets every request."
        )
        assert not passed, (
            f"After {len(PATHS)} requests, with a limit of {requests}, these still "
            f"aren't answered 429: {', '.join(passed)}. A dependency reaches routes "
            "only; a middleware stands before all of them."
        )
        assert found[requests] == 429, (
            f"The limit is {requests}, and these came in turn: {found}. Count together."
        )


async def test_health_never_is(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`/health` is answered 200, however often it is asked."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "2")
    async with connect(make(tmp_path)) as client:
        found = await statuses(client, *["/health"] * 5, "/v1/rates/DE", "/health")
    assert found == [200] * 7, (
        "With a limit of 2, GET /health came five times, then /v1/rates/DE, then "
        f"/health: {found}; all should be 200. Is the cell of the middleware green?"
    )


async def test_the_settings_come_from_outside(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """100 in 60 seconds, unless the settings say otherwise; read for each app."""
    dotenv = "WAYBILL_LIMIT_REQUESTS=33\nPOSTGRES_PASSWORD=pigeon\n"
    for requests, seconds in ((100, 60), (33, 60), (12, 5), (7, 8)):
        if requests == 33:
            (tmp_path / ".env").write_text(dotenv, encoding="utf-8")
        elif requests != 100:
            monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", str(requests))
            monkeypatch.setenv("WAYBILL_LIMIT_SECONDS", str(seconds))
        async with connect(make(tmp_path)) as client:
            response = await client.get("/v1/rates/DE")
        policy = response.headers.get("RateLimit-Policy", "no RateLimit-Policy")
        assert policy.endswith(f";q={requests};w={seconds}"), (
            f"An app was made for {requests} requests in {seconds} seconds, and its "
            f"answers say: {policy}. Read LimitSettings when the app is made."
        )


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("LIMIT_REQUESTS", "00000"), ("LIMIT_SECONDS", "-7.75"), ("REDIS_URL", "pigeon")],
)
def test_wrong_settings_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, wrong: str
) -> None:
    """Settings that can't be meant are refused, and not repeated in the error."""
    monkeypatch.setenv(f"WAYBILL_{name}", wrong)
    said = ""
    try:
        make(tmp_path)
    except ValidationError as error:
        said = str(error)
    assert said, f"An app was made with WAYBILL_{name}={wrong}. Keep LimitSettings."
    assert wrong not in said, f"The error repeats what may hold a password: {said}"


async def test_each_app_counts_for_itself(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two apps have two limiters."""
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "2")
    first, second = make(tmp_path), make(tmp_path)
    async with connect(first) as client:
        await statuses(client, *["/v1/rates/DE"] * 4)
    async with connect(second) as client:
        found = await statuses(client, *["/v1/rates/DE"] * 3)
    assert found == [200, 200, 429], (
        "Two apps were made, with a limit of 2 each. The first had been used up, and "
        f"the second answered {found}; it should be [200, 200, 429]. Make a limiter "
        "for each app."
    )


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


class Counting:
    """Stands for Redis: what `RedisBucket.hit` does instead."""

    def __init__(self) -> None:
        self.gone = False
        self.counted = 0

    async def hit(self) -> "Hit":
        """Refuse, so that it is known who answered; or be gone."""
        from waybill.limits import Hit

        if self.gone:
            raise NoConnectionError("Redis is gone")
        self.counted += 1
        return Hit(False, 0, 1.5, 2.5)


async def test_redis_counts_if_there_is_one(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str
) -> None:
    """With `WAYBILL_REDIS_URL`, `RedisBucket` counts; while it fails, the app does."""
    from waybill.shared_limits import RedisBucket

    counting = Counting()

    async def hit(_bucket: "RedisBucket", _key: str) -> "Hit":
        return await counting.hit()

    monkeypatch.setattr(RedisBucket, "hit", hit)
    monkeypatch.setenv("WAYBILL_LIMIT_REQUESTS", "2")
    app = make(tmp_path)
    async with started(app), connect(app) as client:
        found = await statuses(client, "/v1/rates/DE")
    assert (found, counting.counted) == ([200], 0), (
        "No WAYBILL_REDIS_URL is set, and a request was counted by RedisBucket."
    )
    monkeypatch.setenv("WAYBILL_REDIS_URL", dead)
    app = make(tmp_path)
    async with started(app), connect(app, raise_app_exceptions=False) as client:
        found = await statuses(client, "/v1/rates/DE")
        assert (found, counting.counted) == ([429], 1), (
            "WAYBILL_REDIS_URL is set, and RedisBucket refuses. A request was answered "
            f"{found[0]}, and RedisBucket was asked {counting.counted} times. Once the "
            "app has started, it counts."
        )
        counting.gone = True
        found = await statuses(client, *["/v1/rates/DE"] * 4)
        assert found == [200, 200, 429, 429], (
            "Redis went away while Waybill was serving, with a limit of 2. Four "
            f"requests were answered {found}; expected: [200, 200, 429, 429], counted "
            "by the app alone."
        )
        counting.gone = False
        asked = counting.counted
        await statuses(client, "/v1/rates/DE")
        assert counting.counted == asked + 1, "Redis is back, and didn't count."
    asked = counting.counted
    async with connect(app) as client:
        await statuses(client, "/v1/rates/DE")
    assert counting.counted == asked, (
        "The app had stopped, and RedisBucket still counted. Give the app its own back."
    )


async def test_a_hanging_redis_does_not_hang_waybill(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    silent: str,
    connections: list[asyncio.StreamWriter],
) -> None:
    """A Redis that never answers costs a request less than a second."""
    monkeypatch.setenv("WAYBILL_REDIS_URL", silent)
    app = make(tmp_path)
    # Not `connect`: there may be no answer to record.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        async with (
            asyncio.timeout(LONGEST_ANSWER),
            started(app),
            httpx.AsyncClient(transport=transport, base_url="http://waybill") as client,
        ):
            found = await statuses(client, "/v1/rates/DE")
    except TimeoutError:
        raise AssertionError(
            f"A Redis took the connection and never answered. {LONGEST_ANSWER:g} "
            "seconds later Waybill hadn't answered either. Tell redis-py how long it "
            "may wait, for a connection and for an answer."
        ) from None
    assert found == [200], f"A Redis never answered; GET /v1/rates/DE got {found[0]}."
    assert connections, (
        "WAYBILL_REDIS_URL is set, a request came, and nobody connected to Redis."
    )
