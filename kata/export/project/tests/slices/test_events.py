"""Live tracking: scans as they happen."""

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from waybill.app import create_app
from waybill.database import Sessions
from waybill.events import MOST_STREAMS, follow
from waybill.schemas import ScanKind
from waybill.settings import Settings
from waybill.tables import Account, Parcel, Scan

Headers = Callable[[Account], dict[str, str]]
PATIENCE = 30
"""Seconds after which a test gives up; none of them takes that long."""


# needs: database.open_database streaming.follow
@pytest.fixture
async def number(sessions: Sessions, lena: Account, parcel: dict[str, Any]) -> int:
    """The number of a parcel of Lena's."""
    values = {**parcel, "value": Decimal(parcel["value"]), "tracking_code": "WB1"}
    async with sessions.begin() as session:
        kept = Parcel(owner_id=lena.id, **values)
        session.add(kept)
    return kept.id


async def scan(sessions: Sessions, number: int, kind: str, **other: int) -> int:
    """Keep a scan, and return its number."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    async with sessions.begin() as session:
        kept = Scan(parcel_id=number, depot="BER", kind=ScanKind(kind), at=at, **other)
        session.add(kept)
    return kept.id


async def test_scans_are_followed_until_delivery(
    sessions: Sessions, number: int
) -> None:
    await scan(sessions, number, "picked_up")
    seen = []
    async with asyncio.timeout(PATIENCE):
        async for one in follow(sessions, number, pause=0.01):
            seen.append(one.kind.value)
            if one.kind is ScanKind.PICKED_UP:
                await scan(sessions, number, "arrived")
                await scan(sessions, number, "delivered")
    assert seen == ["picked_up", "arrived", "delivered"]


async def test_a_scan_that_is_kept_late_is_still_found(
    sessions: Sessions, number: int
) -> None:
    await scan(sessions, number, "arrived", id=5)
    seen = []
    async with asyncio.timeout(PATIENCE):
        async for one in follow(sessions, number, pause=0.01):
            seen.append(one.id)
            if one.id == 5:  # its transaction was slower than the one with number 5
                await scan(sessions, number, "picked_up", id=3)
                await scan(sessions, number, "delivered", id=6)
    assert seen == [5, 3, 6]


# needs: database.open_database streaming.follow streaming.events streaming.api
# needs: jwt.issue_token jwt.current_account
async def eventually(look: Callable[[], bool]) -> None:
    """Wait until something is so, and fail if it never is."""
    for _ in range(PATIENCE * 100):
        if look():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


def streams_of(app: FastAPI, account: Account) -> int:
    """Return how many streams an account has open."""
    return int(getattr(app.state, "open_streams", {}).get(account.id, 0))


def path_of(number: int) -> str:
    """Return where a parcel's scans are streamed."""
    return f"/v1/parcels/{number}/events"


async def read(client: AsyncClient, number: int, headers: dict[str, str]) -> Response:
    """Read a stream to its end, which has to come."""
    async with asyncio.timeout(PATIENCE):
        return await client.get(path_of(number), headers=headers)


async def test_a_stream_can_be_resumed_and_ends_with_delivery(
    client: AsyncClient,
    sessions: Sessions,
    token_of: Headers,
    lena: Account,
    number: int,
) -> None:
    kinds = ("picked_up", "arrived", "delivered")
    ids = [await scan(sessions, number, kind) for kind in kinds]
    lenas = token_of(lena)
    response = await read(client, number, lenas)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    for one, kind in zip(ids, kinds, strict=True):
        assert f"id: {one}\n" in response.text
        assert f"event: {kind}\n" in response.text
    last = {"Last-Event-ID": str(ids[1])}
    response = await read(client, number, {**lenas, **last})
    assert "event: delivered" in response.text
    assert "event: arrived" not in response.text
    last = {"Last-Event-ID": str(ids[2])}
    response = await read(client, number, {**lenas, **last})
    assert response.status_code == 204


async def test_nobody_else_can_follow_a_parcel(
    client: AsyncClient,
    sessions: Sessions,
    token_of: Headers,
    bob: Account,
    number: int,
) -> None:
    await scan(sessions, number, "delivered")
    assert (await read(client, number, token_of(bob))).status_code == 404
    assert (await read(client, number, {})).status_code == 401


async def test_an_account_has_only_so_many_streams(
    app: FastAPI, client: AsyncClient, token_of: Headers, lena: Account, number: int
) -> None:
    lenas = token_of(lena)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for _ in range(MOST_STREAMS):
            group.create_task(client.get(path_of(number), headers=lenas))
        await eventually(lambda: streams_of(app, lena) == MOST_STREAMS)
        response = await read(client, number, lenas)
        export = await client.get("/v1/exports/parcels.jsonl", headers=lenas)
        app.state.stopping = True  # lets the others end
    assert response.status_code == 429
    assert export.status_code == 429  # somebody may open it, and never read
    assert streams_of(app, lena) == 0


async def test_a_stream_ends_when_its_account_is_closed(
    app: FastAPI,
    client: AsyncClient,
    sessions: Sessions,
    token_of: Headers,
    lena: Account,
    number: int,
) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        stream = group.create_task(client.get(path_of(number), headers=token_of(lena)))
        await eventually(lambda: streams_of(app, lena) == 1)
        async with sessions.begin() as session:
            (await session.get_one(Account, lena.id)).active = False
    assert stream.result().status_code == 200


# needs: database.open_database streaming.resource
async def test_it_notices_when_its_server_is_asked_to_stop(settings: Settings) -> None:
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    app = create_app(settings)
    try:
        async with app.router.lifespan_context(app):
            assert not app.state.stopping
            signal.raise_signal(signal.SIGTERM)
            assert app.state.stopping
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == [signal.SIGTERM]  # its server has heard it, too
