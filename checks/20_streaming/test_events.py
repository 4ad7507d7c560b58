"""Checks of streaming.events: refused before it begins, resumed where it ended."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import ASGIApp, Message

Connect = Callable[..., httpx.AsyncClient]
Store = Callable[..., Awaitable[None]]
Noting = Callable[["ASGIApp", Callable[["Message"], None]], "ASGIApp"]
Leave = Callable[[str], Awaitable[SimpleNamespace]]

LENA, BOB = 51, 52
DONE, UNDERWAY, BOBS = 3, 4, 5
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OWNERS = {DONE: LENA, UNDERWAY: LENA, BOBS: BOB}
SCANS = {  # Parcel, depot and kind of each scan, by its id.
    1: (DONE, "HAM", "picked_up"),
    42: (UNDERWAY, "HAM", "picked_up"),
    44: (DONE, "HAM", "departed"),
    45: (BOBS, "BER", "delivered"),
    47: (DONE, "BER", "arrived"),
    52: (DONE, "BER", "delivered"),
}
SOON = 1.5  # Seconds in which everything has happened that should happen at once.


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]", store: Store) -> FastAPI:
    """An app with the events of three parcels; Lena, who owns two, is asking."""
    from waybill.dependencies import current_account
    from waybill.events import router
    from waybill.tables import Account

    await store(OWNERS, SCANS, NOON)
    app = FastAPI()
    app.state.sessions = sessions
    app.include_router(router)
    lena = Account(id=LENA, email="lena@example.com")
    app.dependency_overrides[current_account] = lambda: lena
    return app


def asked(last: object) -> str:
    """Say with which last id somebody asked."""
    return "without Last-Event-ID" if last is None else f"with Last-Event-ID: {last}"


async def fetch(
    client: httpx.AsyncClient, parcel: int, last: object = None
) -> httpx.Response:
    """Ask for a parcel's events to their end; say so if there is no end."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    request = client.build_request("GET", f"/parcels/{parcel}/events", headers=headers)
    try:
        async with asyncio.timeout(SOON):
            return await client.send(request)
    except ExceptionGroup as group:  # What a stream raises comes wrapped.
        error: Exception = group
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        raise error from None
    except TimeoutError:
        request.extensions["exchange"]["response"] = f"no end in {SOON} seconds"
        raise AssertionError(
            f"Lena sent GET /parcels/{parcel}/events {asked(last)}. After {SOON} "
            "seconds the answer had not ended, and she was waiting still. Parcel 3 was "
            "delivered by scan 52: an id of 52 or more has seen all there will be. "
            "Decide that before the stream."
        ) from None


def events(response: httpx.Response) -> list[dict[str, str]]:
    """Return the events of a stream, each with its fields."""
    last = response.request.headers.get("Last-Event-ID")
    assert response.status_code == 200, (
        f"GET {response.request.url.path} {asked(last)} was answered "
        f"{response.status_code}, and there were scans to send."
    )
    found = []
    for block in response.text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith(":")]
        if lines:
            found.append(
                {name: value for name, _, value in (s.partition(": ") for s in lines)}
            )
    return found


async def test_each_scan_is_an_event(client: httpx.AsyncClient) -> None:
    """Each scan is an event: its kind, and a `ScanRead` as data."""
    response = await fetch(client, DONE)
    found = events(response)
    kind = response.headers.get("content-type", "")
    assert kind.startswith("text/event-stream"), (
        f"The events came as {kind}; text/event-stream was expected."
    )
    mine = {number: scan for number, scan in SCANS.items() if scan[0] == DONE}
    kinds = [one.get("event") for one in found]
    wanted = [kind for _, _, kind in mine.values()]
    assert kinds == wanted, (
        f"The scans of parcel {DONE} were {wanted}; the events are called {kinds}."
    )
    for one, (number, (_, depot, kind)) in zip(found, mine.items(), strict=True):
        data = json.loads(one.get("data", "null"))
        assert isinstance(data, dict), (
            f"Scan {number} has the data {one.get('data')}; a ScanRead was expected, "
            "as JSON."
        )
        at = (NOON + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
        assert data == {"depot": depot, "kind": kind, "at": at}, (
            f"Scan {number} left as {data}. A ScanRead shows depot, kind and time."
        )


@pytest.mark.parametrize(
    ("parcel", "what"), [(BOBS, "is Bob's"), (999, "doesn't exist")]
)
async def test_what_is_not_yours_is_404(
    browser: httpx.AsyncClient, parcel: int, what: str
) -> None:
    """Nobody's or somebody else's parcel is answered 404."""
    response = await fetch(browser, parcel)
    status = response.status_code
    advice = (
        "Once a stream has begun, its status is out: what is raised then breaks it. "
        "Decide before: a dependency runs before the first byte."
    )
    assert status == 404, (
        f"Parcel {parcel} {what}. Lena asked for its events and was answered {status} "
        f"with {len(response.content) or 'no'} bytes; 404 was expected. "
        f"{advice if status == 200 else ''}"
    )


async def test_each_event_has_the_id_of_its_scan(client: httpx.AsyncClient) -> None:
    """The `id` of an event is the id of its scan."""
    found = [one.get("id") for one in events(await fetch(client, DONE))]
    wanted = [str(number) for number, scan in SCANS.items() if scan[0] == DONE]
    assert found == wanted, (
        f"The scans have the ids {wanted}, and the events {found}. A browser that "
        "loses the stream says the last id it has read."
    )


@pytest.mark.parametrize(
    ("last", "wanted"), [(0, [1, 44, 47, 52]), (1, [44, 47, 52]), (43, [44, 47, 52])]
)
async def test_a_stream_is_resumed(
    client: httpx.AsyncClient, last: int, wanted: list[int]
) -> None:
    """After `Last-Event-ID` only later scans are sent."""
    response = await fetch(client, DONE, last)
    kinds = [one.get("event") for one in events(response)]
    expected = [SCANS[number][2] for number in wanted]
    assert kinds == expected, (
        f"Lena asked with Last-Event-ID: {last} and got {kinds}; the scans after it "
        f"are {wanted}: {expected}. Where does `follow` begin?"
    )


async def test_after_the_delivery_it_is_204(client: httpx.AsyncClient) -> None:
    """Who has seen a delivery is answered 204, without a body."""
    for last in (52, 53, 2**63 - 1):
        response = await fetch(client, DONE, last)
        assert (response.status_code, response.content) == (204, b""), (
            f"Lena has seen scan 52, the delivery, and asked {asked(last)}. The answer "
            f"was {response.status_code} with {len(response.content)} bytes. A browser "
            "comes back after every stream, until it is told 204. Decide before the "
            "stream: once it has begun, its status is out."
        )


async def test_an_undelivered_parcel_is_waited_for(
    connect: Connect,
    app: FastAPI,
    noting: Noting,
    sessions: "async_sessionmaker[AsyncSession]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who has seen the newest scan of a parcel under way is sent the next ones."""
    from waybill import events as module
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    # What would look again in a second looks again at once.
    follow = module.follow

    def at_once(*given: Any, **options: Any) -> AsyncIterator[Scan]:  # noqa: ANN401
        return follow(*given[:3], **options | {"pause": 0.01})

    monkeypatch.setattr(module, "follow", at_once)
    begun = asyncio.Event()

    async with connect(noting(app, lambda _: begun.set())) as client:
        task = asyncio.create_task(fetch(client, UNDERWAY, 42))
        with anyio.move_on_after(SOON):
            await begun.wait()
        async with sessions.begin() as session:
            for number, kind in ((60, "arrived"), (61, "delivered")):
                new = Scan(id=number, parcel_id=UNDERWAY, depot="BER", at=NOON)
                new.kind = ScanKind(kind)
                session.add(new)
        response = await task
    status = response.status_code
    found = [one.get("id") for one in events(response)] if status == 200 else []
    assert (status, found) == (200, ["60", "61"]), (
        f"Parcel {UNDERWAY} is under way; its only scan was 42. Lena asked with "
        "Last-Event-ID: 42, then scan 60 and the delivery 61 were added. She was "
        f"answered {status} and read the events {found}. Nothing new is not the end: "
        "only a delivery is."
    )


async def test_somebody_elses_is_never_204(browser: httpx.AsyncClient) -> None:
    """A delivery counts only for the parcel that was asked for."""
    response = await fetch(browser, BOBS, 60)
    assert response.status_code == 404, (
        f"Parcel {BOBS} is Bob's and was delivered. Lena asked with Last-Event-ID: 60 "
        f"and was answered {response.status_code} instead of 404: now she knows."
    )
    kinds = [one.get("event") for one in events(await fetch(browser, DONE, 45))]
    assert kinds == ["arrived", "delivered"], (
        f"Parcel {DONE} was delivered by scan 52. Lena asked with Last-Event-ID: 45, "
        f"the delivery of another parcel, and got {kinds}; arrived and delivered were "
        "to come."
    )


@pytest.mark.parametrize("last", ["-1", str(2**63), "last", "1.5"])
async def test_an_id_that_cannot_be_is_422(
    browser: httpx.AsyncClient, last: str
) -> None:
    """A `Last-Event-ID` below 0, above 2**63 - 1, or like `last` is answered 422."""
    response = await fetch(browser, DONE, last)
    assert response.status_code == 422, (
        f"Lena asked with Last-Event-ID: {last} and was answered "
        f"{response.status_code} instead of 422. Declare the header with its bounds."
    )


async def test_no_connection_is_lent_while_events_leave(
    connect: Connect, app: FastAPI, noting: Noting, engine: "AsyncEngine"
) -> None:
    """While an event leaves, no connection is lent."""
    pool: Any = engine.pool
    lent: list[int] = []

    def note(message: "Message") -> None:
        if message.get("body"):
            lent.append(pool.checkedout())

    async with connect(noting(app, note)) as client:
        events(await fetch(client, DONE))
    assert max(lent) == 0, (
        f"While the events left, {max(lent)} connection was lent. A parcel travels for "
        "days, and so would the connection. `follow` opens what it needs."
    )


async def test_nothing_stays_when_the_client_leaves(leave: Leave) -> None:
    """When a client leaves, its stream ends: no task and no connection remains."""
    left = await leave(f"/parcels/{UNDERWAY}/events")
    assert left.status == 200, (
        f"Lena asked for her parcel's events and read {left.status}."
    )
    assert not left.tasks, (
        f"A client read an event and left. {left.tasks} of the tasks that served it "
        "went on, for nobody. FastAPI cancels the task in which your generator waits; "
        "a task that you start yourself is yours to end, in `finally`."
    )
    assert left.lent == 0, (
        f"A client read an event and left, and {left.lent} connection is lent."
    )
