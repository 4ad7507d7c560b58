"""Screens of depots: who may watch, what they are shown, and what they leave behind."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient
from redis.asyncio import Redis
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from waybill.database import Sessions
from waybill.hub import MOST_SCREENS, MOST_WAITING, End, Hub
from waybill.push import ScanShown, listen
from waybill.relay import SharedHub
from waybill.review import review
from waybill.schemas import ScanKind
from waybill.tables import Account, Parcel, Role, Scan, Ticket, now
from waybill.tickets import GOOD_FOR, issue_ticket, use_ticket
from waybill.tokens import LIFETIME

Headers = Callable[[Account], dict[str, str]]
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
PATIENCE = 30
"""Seconds after which a test gives up; none of them takes that long."""


# needs: websockets.api websockets.resource websockets.live
# needs: jwt.issue_token jwt.current_account
async def eventually(look: Callable[[], bool]) -> None:
    """Wait until something is so, and fail if it never is."""
    for _ in range(PATIENCE * 100):
        if look():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came to be")


# needs: websockets.hub
async def test_a_slow_screen_ends_and_holds_up_nobody() -> None:
    hub = Hub()
    with hub.join("HAM", 1) as slow, hub.join("HAM", 2) as other:
        for number in range(MOST_WAITING + 1):
            hub.publish("HAM", str(number))
            assert other.waiting.get_nowait() == str(number)
        assert slow.waiting.get_nowait() == End(1013)
        hub.publish("HAM", "later")
        assert slow.waiting.empty()
    assert hub.rooms == {}


async def test_a_room_is_left_after_an_error() -> None:
    hub = Hub()
    with suppress(LookupError), hub.join("HAM", 1):
        raise LookupError
    assert hub.screens() == []


# needs: database.open_database websockets.tickets
async def test_a_ticket_works_once(sessions: Sessions, dispatcher: Account) -> None:
    async def use() -> int | None:
        async with sessions.begin() as session:
            return await use_ticket(session, ticket, "HAM", AT)

    async with sessions.begin() as session:
        ticket = await issue_ticket(session, dispatcher.id, "HAM", AT)
    found = await asyncio.gather(*(use() for _ in range(4)))
    assert sorted(one or 0 for one in found) == [0, 0, 0, dispatcher.id]


async def test_a_ticket_is_for_one_depot_and_soon_over(
    sessions: Sessions, dispatcher: Account
) -> None:
    async with sessions.begin() as session:
        ticket = await issue_ticket(session, dispatcher.id, "HAM", AT)
        kept = (await session.scalars(select(Ticket.digest))).all()
    assert ticket not in kept
    for depot, later in (("BER", timedelta()), ("HAM", GOOD_FOR)):
        async with sessions.begin() as session:
            assert await use_ticket(session, ticket, depot, AT + later) is None


# needs: database.open_database websockets.push
@pytest.fixture
async def number(sessions: Sessions, lena: Account, parcel: dict[str, Any]) -> int:
    """The number of a parcel of Lena's."""
    values = {**parcel, "value": 5, "tracking_code": "WB1"}
    async with sessions.begin() as session:
        kept = Parcel(owner_id=lena.id, **values)
        session.add(kept)
    return kept.id


def scan(number: int, depot: str) -> Scan:
    """Make a scan, before it is stored."""
    return Scan(parcel_id=number, depot=depot, kind=ScanKind.ARRIVED, at=AT)


async def test_what_is_rolled_back_is_not_told(sessions: Sessions, number: int) -> None:
    told: list[ScanShown] = []
    own = async_sessionmaker(sessions.kw["bind"], expire_on_commit=False)
    listen(own, told.append)
    async with own() as session:
        session.add(scan(number, "HAM"))
        await session.flush()
        await session.rollback()
        async with session.begin_nested():
            session.add(scan(number, "BER"))
        assert told == []
        savepoint = await session.begin_nested()
        session.add(scan(number, "MUC"))
        await session.flush()
        await savepoint.rollback()
        await session.commit()
    assert [one.depot for one in told] == ["BER"]
    with suppress(IntegrityError):  # it is known already
        async with own.begin() as session:
            session.add(scan(number, "BER"))
    assert len(told) == 1


# needs: websockets.api websockets.resource websockets.live
# needs: jwt.issue_token jwt.current_account
@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The address of a server that serves this Waybill; `app` has been started."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


async def ticket_for(client: AsyncClient, depot: str, headers: dict[str, str]) -> str:
    """Get a ticket."""
    answer = await client.post(f"/v1/depots/{depot}/tickets", headers=headers)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    return str(answer.json()["ticket"])


async def heard(screen: ClientConnection) -> dict[str, Any]:
    """Return the next message that a screen is sent."""
    async with asyncio.timeout(PATIENCE):
        message: dict[str, Any] = json.loads(await screen.recv())
    return message


async def refused(address: str, depot: str, ticket: str, **options: str) -> bool:
    """Tell whether a screen is refused before it is accepted."""
    url = f"ws://{address}/v1/depots/{depot}/live?ticket={ticket}"
    try:
        async with connect(url, proxy=None, **options):  # type: ignore[arg-type]
            return False
    except InvalidStatus as error:
        return error.response.status_code == 403


async def test_screens_show_scans_and_notes(
    client: AsyncClient,
    address: str,
    app: FastAPI,
    sessions: Sessions,
    token_of: Headers,
    dispatcher: Account,
    courier: Account,
    lena: Account,
) -> None:
    url = f"ws://{address}/v1/depots/HAM/live?ticket="
    tickets = [
        await ticket_for(client, "HAM", token_of(one)) for one in (dispatcher, courier)
    ]
    gate = await connect(url + tickets[0], proxy=None)
    office = await connect(url + tickets[1], proxy=None)
    assert await refused(address, "HAM", tickets[0])  # it was used
    await gate.send("no JSON")
    await gate.send('{"type": "note", "text": "Gate 4 is closed"}')
    assert (await heard(gate))["type"] == "refused"
    note = {"type": "note", "text": "Gate 4 is closed", "by": dispatcher.id}
    assert [await heard(gate), await heard(office)] == [note, note]
    async with sessions.begin() as session:
        values = {"tracking_code": "WB1", "to": {}, "weight_g": 750, "value": 5}
        session.add(Parcel(id=3, owner_id=lena.id, **values))
        await session.flush()
        session.add(scan(3, "BER"))
        session.add(scan(3, "HAM"))
    seen = await heard(office)
    assert (seen["type"], seen["depot"], seen["parcel_id"]) == ("scan", "HAM", 3)
    await office.close()
    gate.transport.abort()
    await eventually(lambda: not app.state.hub.rooms)


async def test_who_may_not_watch_is_never_accepted(
    client: AsyncClient,
    address: str,
    sessions: Sessions,
    token_of: Headers,
    dispatcher: Account,
    lena: Account,
) -> None:
    headers = token_of(dispatcher)
    answer = await client.post("/v1/depots/HAM/tickets", headers=token_of(lena))
    assert answer.status_code == 403
    assert (await client.post("/v1/depots/HAM/tickets")).status_code == 401
    assert await refused(
        address, "HAM", headers["Authorization"].removeprefix("Bearer ")
    )
    other = await ticket_for(client, "HAM", headers)
    assert await refused(address, "BER", other)
    page = await ticket_for(client, "HAM", headers)
    assert await refused(address, "HAM", page, origin="https://evil.example")
    late = await ticket_for(client, "HAM", headers)
    async with sessions.begin() as session:
        closed = update(Account).where(Account.id == dispatcher.id).values(active=False)
        await session.execute(closed)
    assert await refused(address, "HAM", late)


async def test_an_account_has_so_many_screens(
    client: AsyncClient, address: str, token_of: Headers, dispatcher: Account
) -> None:
    headers, screens = token_of(dispatcher), []
    for _ in range(MOST_SCREENS):
        ticket = await ticket_for(client, "HAM", headers)
        url = f"ws://{address}/v1/depots/HAM/live?ticket={ticket}"
        screens.append(await connect(url, proxy=None))
    ticket = await ticket_for(client, "BER", headers)
    assert await refused(address, "BER", ticket)
    for screen in screens:
        await screen.close()


# needs: database.open_database websockets.review
async def test_a_review_ends_who_may_not_watch(
    sessions: Sessions, dispatcher: Account, lena: Account
) -> None:
    hub = Hub()
    with (
        hub.join("HAM", dispatcher.id) as stays,
        hub.join("HAM", dispatcher.id) as old,
        hub.join("BER", lena.id) as sender,
    ):
        old.since = now() - LIFETIME - timedelta(minutes=1)
        await review(hub, sessions, now())
        assert [one.ended for one in (stays, old, sender)] == [False, True, True]


# needs: database.open_database websockets.review websockets.share
# needs: websockets.api websockets.resource websockets.live
# needs: jwt.issue_token jwt.current_account
async def test_a_screen_is_closed_when_its_right_ends(
    client: AsyncClient,
    address: str,
    app: FastAPI,
    sessions: Sessions,
    token_of: Headers,
    dispatcher: Account,
) -> None:
    ticket = await ticket_for(client, "HAM", token_of(dispatcher))
    url = f"ws://{address}/v1/depots/HAM/live?ticket={ticket}"
    async with connect(url, proxy=None) as screen:
        async with sessions.begin() as session:
            demoted = update(Account).where(Account.id == dispatcher.id)
            await session.execute(demoted.values(role=Role.SENDER))
        await review(app.state.hub, sessions, now())
        with pytest.raises(ConnectionClosed) as closed:
            await heard(screen)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


# needs: websockets.relay
async def test_a_hub_without_redis_shows_its_own() -> None:
    async with Redis.from_url("redis://127.0.0.1:1") as redis:
        hub = SharedHub(redis)
        tasks = [asyncio.create_task(one) for one in (hub.send(), hub.hear(0.01))]
        with hub.join("HAM", 1) as screen:
            hub.publish("HAM", "a text")
            await asyncio.sleep(0.05)
            assert screen.waiting.get_nowait() == "a text"
        assert not any(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
