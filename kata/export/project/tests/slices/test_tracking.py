"""What everybody may know of a parcel, kept until it is no longer true."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from redis.asyncio import Redis
from sqlalchemy import event, select

from waybill.cache import Cache, MemoryStore
from waybill.database import Sessions
from waybill.schemas import ScanKind
from waybill.shared_cache import RedisStore
from waybill.tables import Account, Parcel, Scan, now
from waybill.tracking import load_tracking

URL = os.environ.get("TEST_REDIS_URL", "")


# needs: caching.memory_store
async def test_a_text_lives_for_a_while_and_the_unused_go_first() -> None:
    seconds = 0.0
    store = MemoryStore(60, 2, lambda: seconds)
    await store.put("a", "1")
    await store.put("b", "2")
    seconds = 59
    assert await store.get("a") == "1"
    await store.put("c", "3")
    assert [await store.get(key) for key in "abc"] == ["1", None, "3"]
    seconds = 60
    assert [await store.get(key) for key in "ac"] == [None, "3"]


# needs: caching.memory_store caching.cache
async def test_many_callers_share_one_load() -> None:
    cache = Cache(MemoryStore(60, 10))
    loads: list[None] = []

    async def load() -> str:
        loads.append(None)
        await asyncio.sleep(0)
        return "text"

    found = await asyncio.gather(*(cache.get("key", load) for _ in range(50)))
    assert (found, len(loads)) == (["text"] * 50, 1)


async def test_what_was_loaded_before_a_drop_is_not_kept() -> None:
    cache = Cache(MemoryStore(60, 10))
    may_end = asyncio.Event()

    async def load() -> str:
        await may_end.wait()
        return "old"

    async def load_again() -> str:
        return "new"

    early = asyncio.create_task(cache.get("key", load))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await cache.drop("key")
    may_end.set()
    assert await early == "old"
    assert await cache.get("key", load_again) == "new"


# needs: caching.tracking database.open_database dependencies.list_parcels
@pytest.fixture
async def tracked(sessions: Sessions, lena: Account) -> str:
    """The code of a parcel of Lena's."""
    to = {"name": "Zoë Ng", "city": "Berlin"}
    async with sessions.begin() as session:
        row = Parcel(tracking_code="WB7", owner_id=lena.id, to=to, weight_g=750)
        row.value = Decimal("19.90")
        session.add(row)
    return "WB7"


async def scan(sessions: Sessions, kind: ScanKind) -> None:
    """Add a scan to the only parcel."""
    async with sessions.begin() as session:
        number = (await session.scalars(select(Parcel.id))).one()
        session.add(Scan(parcel_id=number, depot="BER", kind=kind, at=now()))


async def test_what_everybody_reads_has_no_person_in_it(
    sessions: Sessions, tracked: str
) -> None:
    await scan(sessions, ScanKind.ARRIVED)
    text = await load_tracking(sessions, tracked)
    assert text
    assert "BER" in text
    assert "Zo" not in text
    assert "Berlin" not in text
    assert await load_tracking(sessions, "WB_") is None


# needs: caching.tracking caching.api caching.resource caching.track caching.invalidate
@pytest.fixture
async def statements(app: FastAPI) -> AsyncIterator[list[str]]:
    """What is sent to the database from now on."""
    sent: list[str] = []
    engine = app.state.sessions.kw["bind"].sync_engine

    def note(*details: Any) -> None:  # noqa: ANN401
        sent.append(str(details[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_a_second_answer_asks_nobody_and_a_scan_is_seen_at_once(
    client: AsyncClient, sessions: Sessions, tracked: str, statements: list[str]
) -> None:
    for kind in (ScanKind.PICKED_UP, ScanKind.DELIVERED):
        await scan(sessions, kind)
        first = await client.get(f"/v1/track/{tracked}")
        assert first.json()["scans"][-1]["kind"] == kind
        statements.clear()
        second = await client.get(f"/v1/track/{tracked}")
        assert (second.text, statements) == (first.text, [])
    assert second.headers["Cache-Control"] == "public, no-cache"
    unknown = await client.get("/v1/track/WB8")
    assert (unknown.status_code, unknown.headers["Cache-Control"]) == (404, "no-store")


async def test_a_rollback_changes_nothing(
    client: AsyncClient, sessions: Sessions, tracked: str, statements: list[str]
) -> None:
    before = await client.get(f"/v1/track/{tracked}")
    async with sessions() as session:
        number = (await session.scalars(select(Parcel.id))).one()
        lost = {"depot": "BER", "kind": ScanKind.ARRIVED, "at": now()}
        session.add(Scan(parcel_id=number, **lost))
        await session.flush()
        await session.rollback()
        await session.commit()
    statements.clear()
    after = await client.get(f"/v1/track/{tracked}")
    assert (after.text, statements) == (before.text, [])


# needs: caching.tracking caching.api caching.resource caching.etag
async def test_who_has_an_answer_gets_no_second_one(
    client: AsyncClient, sessions: Sessions, tracked: str
) -> None:
    etag = (await client.get(f"/v1/track/{tracked}")).headers["ETag"]
    shown = {"If-None-Match": f'"other", {etag}'}
    same = await client.get(f"/v1/track/{tracked}", headers=shown)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    await scan(sessions, ScanKind.ARRIVED)
    new = await client.get(f"/v1/track/{tracked}", headers=shown)
    assert new.status_code == 200


# needs: caching.tracking caching.api caching.resource caching.summary
async def test_everybody_reads_their_own_summary(
    client: AsyncClient,
    tracked: str,
    lena: Account,
    bob: Account,
    ask_as: Callable[[Account], None],
) -> None:
    for account, expected in ((lena, 1), (bob, 0), (lena, 1)):
        ask_as(account)
        response = await client.get("/v1/summary")
        assert response.json()["parcels"] == expected
        assert response.headers["Cache-Control"] == "no-store"


# needs: caching.redis_store
@pytest.mark.skipif(not URL, reason="TEST_REDIS_URL names no Redis")
async def test_what_one_worker_drops_no_other_puts_back() -> None:
    key = f"test {uuid4()}"
    async with Redis.from_url(URL) as one, Redis.from_url(URL) as other:
        stores = [RedisStore(redis, 60) for redis in (one, other)]
        await stores[0].put(key, "{}")
        assert await stores[1].get(key) == "{}"
        await stores[0].drop(key)
        await stores[1].put(key, "{}")
        assert [await store.get(key) for store in stores] == [None, None]


async def test_without_redis_nothing_is_kept_and_nothing_fails() -> None:
    store = RedisStore(Redis.from_url("redis://127.0.0.1:1"), 60)
    await store.put("key", "{}")
    await store.drop("key")
    assert await store.get("key") is None
