"""Checks of streaming.events: refused before it begins, resumed where it ended."""

import asyncio
import inspect
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from pydantic import SecretStr
from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Store, Open = Callable[..., Awaitable[None]], Callable[..., Awaitable[Any]]
Patiently, Looks = Callable[[], AbstractContextManager[Any]], Counter[int]
Fetch = Callable[[AsyncClient, int, object], Awaitable[Response]]

LENA, BOB, DONE, UNDERWAY, BOBS, BOBS_NEXT = 51, 52, 3, 4, 5, 6
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EXPIRY = datetime(2099, 3, 2, 12, tzinfo=UTC)  # A verdict that shows a token repeats.
OWNERS = {DONE: LENA, UNDERWAY: LENA, BOBS: BOB, BOBS_NEXT: BOB}
SCANS = {  # Parcel, depot and kind of each scan, by its id.
    1: (DONE, "HAM", "picked_up"),
    42: (UNDERWAY, "HAM", "picked_up"),
    44: (DONE, "HAM", "departed"),
    45: (BOBS, "BER", "delivered"),
    46: (BOBS_NEXT, "HAM", "picked_up"),
    47: (DONE, "BER", "arrived"),
    52: (DONE, "BER", "delivered"),
}
KEY = SecretStr("the key of these checks, known to nobody else")


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]", store: Store) -> FastAPI:
    """Some parcels' events."""
    from waybill.events import router
    from waybill.settings import Settings

    await store(OWNERS, SCANS, NOON)
    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = Settings(environment="development", secret_key=KEY)
    app.include_router(router)
    return app


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Let what looks again in a second look at once; count each parcel's looks."""
    from waybill import events as module

    follow, look, looks = module.follow, module.NewScans.look, Looks()

    def at_once(*given: Any, **named: Any) -> Any:  # noqa: ANN401
        options = inspect.signature(follow).bind(*given, **named).arguments
        return follow(**options | {"pause": 0.001})

    async def counted(new: Any) -> Any:  # noqa: ANN401
        looks[getattr(new, "_parcel_id", 0)] += 1
        return await look(new)

    monkeypatch.setattr(module, "follow", at_once)
    monkeypatch.setattr(module.NewScans, "look", counted)
    return looks


def headers_of(account: int, last: object = None) -> dict[str, str]:
    """Return what an account sends: its token, and the last id that it has read."""
    claims = {"sub": str(account), "type": "access", "iat": NOON, "exp": EXPIRY}
    token = jwt.encode(claims, KEY.get_secret_value(), "HS256")
    said = {} if last is None else {"Last-Event-ID": str(last)}
    return {"Authorization": f"Bearer {token}"} | said


async def add(app: FastAPI, *scans: tuple[int, int, str]) -> None:
    """Add scans, each with its id, its parcel and its kind."""
    insert = "INSERT INTO scans (id, parcel_id, kind, depot, at) "
    insert += "VALUES (:id, :parcel, :kind, 'BER', '2026-03-02 12:00:00.000000')"
    rows = [dict(zip(("id", "parcel", "kind"), scan, strict=True)) for scan in scans]
    async with app.state.sessions.begin() as session:
        await session.execute(text(insert), rows)


path_of = "/parcels/{}/events".format


@pytest.fixture
def fetch(patiently: Patiently) -> Fetch:
    """Return a function that asks for a parcel's events to their end."""

    async def fetch(client: AsyncClient, parcel: int, last: object) -> Response:
        said = headers_of(LENA, last)
        request = client.build_request("GET", path_of(parcel), headers=said)
        with patiently():
            response = await client.send(request)
            exchange = request.extensions["exchange"]
            exchange["sent"] = re.sub("(?<=Bearer .{9})\\S+", "…", exchange["sent"])
            return response
        request.extensions["exchange"]["response"] = "no end"
        raise AssertionError(
            f"The answer to Last-Event-ID: {last} had no end; scan 52 is the delivery. "
            "(A status set on a `Response` ends nothing: raise it before the stream.)"
        )

    return fetch


def events_in(body: str) -> list[dict[str, str]]:
    """Return the events of a stream, each with its fields."""
    fields = (re.findall(r"^(\w+): (.*)$", one, re.M) for one in body.split("\n\n"))
    return [dict(pairs) for pairs in fields if pairs]


# - A parcel that isn't yours is answered 404, before anything is sent.
async def test_what_is_not_yours_is_404(browser: AsyncClient, fetch: Fetch) -> None:
    """A parcel that isn't yours, or isn't there, is answered 404."""
    for parcel, last in [(BOBS, 0), (BOBS, 60), (999, 0), (999, 60)]:
        status = (await fetch(browser, parcel, last)).status_code
        assert status == 404, (
            f"Parcel {parcel} isn't Lena's, and she asked for its events with "
            f"Last-Event-ID: {last} and was answered {status} instead of 404. Once a "
            "stream has begun, its status is out. A dependency runs before it begins."
        )


# - Each scan is an event:
async def test_each_scan_is_an_event(client: AsyncClient, fetch: Fetch) -> None:
    """Each scan is an event: its kind, its id, and a `ScanRead` as data."""
    response = await fetch(client, DONE, 0)
    assert response.status_code == 200, (
        f"Lena has seen no scan of parcel {DONE} yet, and was answered "
        f"{response.status_code}. 204 is for who has seen its delivery, scan 52."
    )
    kind = response.headers.get("content-type", "")
    assert kind.startswith("text/event-stream"), f"The events came as {kind!r}."
    found = events_in(response.text)
    wanted = [(str(n), scan[2]) for n, scan in SCANS.items() if scan[0] == DONE]
    assert [(one.get("id"), one.get("event")) for one in found] == wanted, (
        f"The scans of parcel {DONE} are {wanted}, with their ids; the events have "
        f"{[(one.get('id'), one.get('event')) for one in found]}."
    )
    for one in found:
        number, data = int(one["id"]), json.loads(one.get("data", "null"))
        at = (NOON + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")
        expected = {"depot": SCANS[number][1], "kind": SCANS[number][2], "at": at}
        assert data == expected, (
            f"Scan {number} left with the data {data!r}, not the ScanRead {expected}."
        )


# - With the header `Last-Event-ID` the stream begins after that scan;
async def test_a_stream_is_resumed(client: AsyncClient, fetch: Fetch) -> None:
    """After `Last-Event-ID` only later scans are sent."""
    mine = [number for number, scan in SCANS.items() if scan[0] == DONE]
    for last in (0, 1, 41, 45):
        response = await fetch(client, DONE, last)
        found = [one.get("event") for one in events_in(response.text)]
        wanted = [SCANS[n][2] for n in mine if n > last]
        assert (response.status_code, found) == (200, wanted), (
            f"Scans: {mine}. Lena asked with Last-Event-ID: {last}; "
            f"{response.status_code} and {found} came instead of {wanted}."
        )


async def test_an_id_that_cannot_be_is_422(browser: AsyncClient, fetch: Fetch) -> None:
    """A `Last-Event-ID` below 0, above 2**63 - 1, or like `last` is answered 422."""
    for last in ("-1", str(2**63), "last", "1.5", "9" * 30):
        status = (await fetch(browser, DONE, last)).status_code
        assert status == 422, f"Last-Event-ID: {last} got {status}. Declare its bounds."


# - A client whose last id is that of the delivery, or a higher one, is answered 204.
async def test_after_the_delivery_it_is_204(
    app: FastAPI, client: AsyncClient, fetch: Fetch
) -> None:
    """A client that has seen the delivery is answered 204, without a body."""
    await add(app, (59, DONE, "ARRIVED"))  # by mistake: it stands after the delivery
    for last in (52, 53, 2**63 - 1):
        response = await fetch(client, DONE, last)
        assert (response.status_code, response.content) == (204, b""), (
            f"Lena has seen scan 52, the delivery, asked with Last-Event-ID: {last} "
            f"and was answered {response.status_code}. A browser comes back after each "
            "stream, until it is told 204."
        )


@pytest.mark.usefixtures("hasty")
async def test_an_undelivered_parcel_is_waited_for(
    app: FastAPI, open_stream: Open
) -> None:
    """A client that has seen the newest scan is sent the next, and late ones."""
    first = await open_stream(path_of(UNDERWAY), headers_of(LENA, 41))
    second = await open_stream(path_of(UNDERWAY), headers_of(LENA, 42))
    await first.until(lambda: "id: 42" in first.text)
    await add(app, (40, UNDERWAY, "ARRIVED"), (61, UNDERWAY, "DELIVERED"))
    for stream, seen, wanted in ((first, 41, "42 40 61"), (second, 42, "61")):
        await stream.until(stream.task.done)
        found = " ".join(one.get("id", "no id") for one in events_in(stream.text))
        assert (stream.status, found.removeprefix("40 ")) == (200, wanted), (
            f"Lena had seen scan {seen}; 42 was there. 40 turned up late, then 61, "
            f"the delivery. She was answered {stream.status} and read {found} instead "
            f"of {wanted}. Only a delivery is the end; what `follow` yields is new."
        )


# - The stream ends when the token expires,
async def test_a_stream_ends_with_its_right(
    app: FastAPI, open_stream: Open, hasty: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stream ends with its account, with the server, and with its token."""

    async def must_end(stream: Any, parcel: int, what: str) -> None:  # noqa: ANN401
        before = hasty[parcel]
        await stream.until(stream.task.done)
        at_once = stream.task.done() and hasty[parcel] - before < 9
        assert at_once, (
            f"A stream was open when {what}, and it looked for scans again and again. "
            "Hand what `watch` yields to `follow` as go_on: it is asked before a look."
        )

    lenas = await open_stream(path_of(UNDERWAY), headers_of(LENA))
    bobs = await open_stream(path_of(BOBS_NEXT), headers_of(BOB))
    await lenas.until(lambda: "id: 42" in lenas.text)
    async with app.state.sessions.begin() as session:
        await session.execute(text("UPDATE accounts SET active = 0 WHERE id = 51"))
    await must_end(lenas, UNDERWAY, "its account was closed")
    assert not bobs.task.done(), "Lena's account was closed, and Bob's stream ended."
    app.state.stopping = True
    await must_end(bobs, BOBS_NEXT, "app.state.stopping became true")
    app.state.stopping = False
    bobs = await open_stream(path_of(BOBS_NEXT), headers_of(BOB))
    clock = type("Later", (datetime,), {"now": lambda **_: EXPIRY + timedelta(1)})
    monkeypatch.setattr("jwt.api_jwt.datetime", clock)
    await must_end(bobs, BOBS_NEXT, "its token expired")


# - An account has at most `MOST_STREAMS` streams open, and the next one is answered
async def test_an_account_has_so_many_places(app: FastAPI, open_stream: Open) -> None:
    """An account has so many streams open; others are not counted with it."""
    from waybill.events import MOST_STREAMS

    lena, bob = headers_of(LENA), headers_of(BOB)
    many = [await open_stream(path_of(UNDERWAY), lena) for _ in range(MOST_STREAMS)]
    bobs = await open_stream(path_of(BOBS_NEXT), bob)
    more = await open_stream(path_of(UNDERWAY), lena)
    kept = getattr(app.state, "open_streams", {LENA: True})[LENA]
    why = "Who depends on `watch` is lent a place until the stream ends."
    if not kept and not more.task.done():
        why = "`watch` gave its place back too early: has it a `scope`?"
    found = [*{stream.status for stream in [*many, bobs]}, more.status]
    assert found == [200, 429], (
        f"Lena's {MOST_STREAMS} streams were answered {[one.status for one in many]}, "
        f"Bob's {bobs.status}, and one more of Lena's {more.status}, not 429. {why}"
    )


async def test_places_come_back(
    open_stream: Open, browser: AsyncClient, fetch: Fetch
) -> None:
    """A stream gives its place back, however it ends, and a refusal takes none."""
    from waybill.events import MOST_STREAMS

    for _ in range(MOST_STREAMS):
        for parcel, last in ((DONE, 0), (DONE, 52), (BOBS, 0), (DONE, -1)):
            await fetch(browser, parcel, last)
    path, lena = path_of(UNDERWAY), headers_of(LENA)
    many = [await open_stream(path, lena) for _ in range(2 * MOST_STREAMS)]
    for stream in many:  # half of them were answered 429
        await stream.leave()
    last = await open_stream(path, lena)
    assert last.status == 200, (
        "Streams had ended, by themselves or left by their clients, and others had "
        f"been refused. None was open; a new one was answered {last.status}."
    )


# - No connection is lent while events leave, and nothing remains of a client that left.
async def test_nothing_stays_when_the_client_leaves(open_stream: Open) -> None:
    """No connection is lent while events leave, and nothing remains afterwards."""
    before = asyncio.all_tasks()
    stream = await open_stream(path_of(UNDERWAY), headers_of(LENA))
    await stream.until(lambda: "event:" in stream.text)
    assert stream.lent == 0, (
        f"While an event left, {stream.lent} connection was lent, for as long as a "
        "parcel travels. `follow` opens what it needs."
    )
    await stream.leave()
    left = [task for task in asyncio.all_tasks() - before if task.cancel()]
    assert not left, f"A client left, and {len(left)} tasks went on. End them."
    assert not stream.pool.checkedout(), "A client left, and a connection is lent."
