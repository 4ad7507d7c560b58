"""Checks of caching.share_cache: all workers share a store, if there is a Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from redis.exceptions import ConnectionError as NoConnectionError

pytestmark = pytest.mark.usefixtures("clean_environment")
URL = "WAYBILL_REDIS_URL"


@pytest.fixture
def dead() -> str:
    """The URL of a Redis that isn't there: nobody listens on port 1."""
    return "redis://127.0.0.1:1"


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """The URL of a Redis that takes each connection and never answers."""
    connections: list[asyncio.StreamWriter] = []

    async def say_nothing(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        connections.append(writer)

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in connections:
            writer.close()
        server.close()


def make(tmp_path: Path) -> FastAPI:
    """Return a Waybill with a database of its own."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{tmp_path / 'waybill.db'}"
    return create_app(Settings(environment="development", database_url=url))


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a client that reads a 500 as from a server."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")


# - With `WAYBILL_REDIS_URL`, the store of `app.state.cache` is a `RedisStore` that
# keeps texts as long as the app's own store does.
async def test_with_a_url_redis_keeps_texts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str
) -> None:
    """With a URL the store is a `RedisStore`, for as long; without, it stays."""
    from waybill.cache import Cache, MemoryStore
    from waybill.shared_cache import RedisStore

    monkeypatch.setenv("WAYBILL_CACHE_SECONDS", "7.5")
    for url, expected in ((None, MemoryStore), (dead, RedisStore), (None, MemoryStore)):
        if url:
            monkeypatch.setenv(URL, url)
        else:
            monkeypatch.delenv(URL, raising=False)
        app = make(tmp_path)
        async with app.router.lifespan_context(app):
            cache = app.state.cache
            found = type(cache.store), getattr(cache.store, "seconds", None)
            assert (type(cache), found) == (Cache, (expected, 7.5)), (
                f"{URL} is {url or 'not set'} and WAYBILL_CACHE_SECONDS is 7.5. "
                f"app.state.cache is a {type(cache).__name__}, and its store a "
                f"{found[0].__name__} for {found[1]} seconds; it should be a "
                f"{expected.__name__} for 7.5."
            )


# - With `WAYBILL_REDIS_URL`, the store of `app.state.cache` is a `RedisStore` that
# keeps texts as long as the app's own store does.
async def test_what_is_written_is_dropped_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str
) -> None:
    """What is written is dropped from the store that all workers share."""
    from waybill.shared_cache import RedisStore
    from waybill.tables import Account, Parcel, Scan, now

    dropped: list[str] = []

    async def drop(_store: RedisStore, key: str) -> None:
        dropped.append(key)

    monkeypatch.setattr(RedisStore, "drop", drop)
    monkeypatch.setenv(URL, dead)
    app = make(tmp_path)
    parcel = {"tracking_code": "WB7", "to": {}, "weight_g": 750, "value": 5}
    async with app.router.lifespan_context(app), app.state.sessions.begin() as session:
        session.add(Account(id=1, email="lena@example.com"))
        await session.flush()
        session.add(Parcel(id=7, owner_id=1, **parcel))
        await session.flush()
        session.add(Scan(parcel_id=7, depot="BER", kind="arrived", at=now()))
    assert dropped == ["track:WB7"], (
        "WB7 was scanned, with WAYBILL_REDIS_URL set, and from the RedisStore "
        f"{dropped or 'nothing'} was dropped. The sessions know the Cache that the app "
        "has had so far: give that one another `store`."
    )


# - Waybill starts and answers without Redis, and when Redis never answers: less than a
# quarter of a second is waited for a connection, and for an answer.
@pytest.mark.parametrize("kind", ["dead", "silent"])
async def test_waybill_answers_without_redis(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    dead: str,
    silent: str,
    patiently: Callable[[], AbstractContextManager[object]],
    kind: str,
) -> None:
    """Waybill starts and answers when Redis is gone, and when it never answers."""
    monkeypatch.setenv(URL, dead if kind == "dead" else silent)
    app = make(tmp_path)
    found: object = None
    with patiently():
        async with app.router.lifespan_context(app), client_of(app) as client:
            found = (await client.get("/v1/track/WB9")).status_code
    told = "isn't there" if kind == "dead" else "never answers"
    assert found == 404, (
        f"Redis {told}, and GET /v1/track/WB9, which isn't there, got "
        f"{found or 'no answer'} instead of a 404. Tell redis-py how long to wait."
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
    monkeypatch.setenv(URL, dead)
    app = make(tmp_path)
    async with app.router.lifespan_context(app):
        store: Any = app.state.cache.store
        waits.clear()
        for call in (store.get("a"), store.put("a", "{}"), store.drop("a")):
            with suppress(NoConnectionError):
                await call
    assert waits, f"{URL} is set, and nobody connected to Redis."
    assert all(wait and wait < 0.25 for wait in waits), (
        "redis-py waits for (a connection, an answer) as long as "
        f"{(waits[0], waits[1])} says, in seconds. Both should be less than 0.25."
    )


# - When the app stops, it has its own store again.
async def test_a_stopped_app_has_its_own_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dead: str
) -> None:
    """When the app stops, its cache has its own store again, whatever ended it."""
    from waybill.cache import MemoryStore

    monkeypatch.setenv(URL, dead)
    for how in ("as usual", "with an error"):
        app = make(tmp_path)
        cache: Any = None
        with suppress(KeyError):
            async with app.router.lifespan_context(app):
                cache = app.state.cache
                if how != "as usual":
                    raise KeyError(how)
        assert type(cache.store) is MemoryStore, (
            f"The app stopped {how}, and its cache still has a "
            f"{type(cache.store).__name__}. Give it its own one back, in a `finally`."
        )
