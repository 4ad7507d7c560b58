"""Checks of performance.held: a request that waits holds no connection of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

Connect = Callable[..., httpx.AsyncClient]
KEY = SecretStr("the key of these checks, known to nobody else")
PEOPLE = {11: 2, 12: 0, 13: 1, 14: 3, 15: 1}
"""Accounts, and how many parcels each has sent; the first of each was picked up."""
TO = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
TO |= {"postcode": "10119", "country": "DE"}
TOO_LONG = 0.4
"""Seconds for which a request waits for a connection here; nobody has to."""


@pytest.fixture
async def single(
    tmp_path: Path, make_tables: Callable[[Path], None]
) -> "AsyncIterator[AsyncEngine]":
    """An engine that lends out a single connection, on a file with people in it."""
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

    from waybill.tables import Account, Parcel, Scan

    make_tables(tmp_path / "waybill.db")
    url = URL.create("sqlite+aiosqlite", database=str(tmp_path / "waybill.db"))
    engine = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=TOO_LONG
    )
    rows: list[Any] = []
    for who, many in PEOPLE.items():
        rows.append(Account(id=who, email=f"{who}@example.com"))
        for number in range(many):
            code = f"WB{who}{number}"
            sent = {"owner_id": who, "to": TO, "weight_g": 750, "value": Decimal(9)}
            rows.append(Parcel(id=who * 10 + number, tracking_code=code, **sent))
        if many:
            at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
            scan: dict[str, Any] = {"depot": "BER", "kind": "picked_up", "at": at}
            rows.append(Scan(parcel_id=who * 10, **scan))  # scanned twice, it is one
            rows.append(Scan(parcel_id=who * 10, **(scan | {"depot": "HAM"})))
    async with async_sessionmaker(engine).begin() as session:
        for row in rows:
            session.add(row)
            await session.flush()
    try:
        yield engine
    finally:
        await engine.dispose()


class Store:
    """Keeps texts, and notes how many connections are lent out when it is asked."""

    def __init__(self, engine: "AsyncEngine") -> None:
        self.engine = engine
        self.kept: dict[str, str] = {}
        self.lent: list[int] = []

    async def _note(self) -> None:
        self.lent.append(self.engine.pool.checkedout())  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    async def get(self, key: str) -> str | None:
        """Return what is kept."""
        await self._note()
        return self.kept.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep a text."""
        await self._note()
        self.kept[key] = text

    async def drop(self, key: str) -> None:
        """Forget a text."""
        self.kept.pop(key, None)


@pytest.fixture
def app(single: "AsyncEngine") -> FastAPI:
    """An app with the summary, that believes a token; its pool has one connection."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.cache import Cache
    from waybill.settings import Settings
    from waybill.tracking import router

    app = FastAPI()
    app.include_router(router)
    app.state.settings = Settings(environment="development", secret_key=KEY)
    app.state.sessions = async_sessionmaker(single, expire_on_commit=False)
    app.state.store = Store(single)
    app.state.cache = Cache(app.state.store)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


async def ask(
    client: httpx.AsyncClient, who: int, kind: str = "picked_up"
) -> httpx.Response:
    """Ask for a summary, as an account."""
    expiry = datetime(2099, 3, 2, 12, tzinfo=UTC)
    claims = {"sub": str(who), "type": "access", "exp": expiry}
    token = jwt.encode(claims, KEY.get_secret_value(), "HS256")
    headers = {"Authorization": f"Bearer {token}"}
    return await client.get(f"/summary?kind={kind}", headers=headers)


# - While the cache is asked, and while a load runs, the request holds no connection
# beside the one of the load.
async def test_nothing_is_held_while_the_cache_is_asked(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    """While the cache is asked or told, no connection is lent out."""
    await ask(client, 11)
    lent = app.state.store.lent
    assert lent, "The cache was never asked: `await cache.get(key, load)`."
    assert not any(lent), (
        f"Somebody asked for a summary. While the cache was asked, {max(lent)} "
        "connection was lent out: the one with which `current_account` has found who "
        "is asking. End that transaction before you wait for the cache."
    )


async def test_a_load_needs_one_connection(client: httpx.AsyncClient) -> None:
    """One request can be answered when the pool has a single connection."""
    answer = await ask(client, 11)
    assert answer.status_code == 200, (
        "The pool has one connection. Somebody asked for their summary, and was "
        f"answered {answer.status_code}: the request needs a second connection "
        "while it holds the first."
    )


# - With a pool of a single connection, five people who ask at once are all answered.
@pytest.mark.parametrize("rounds", [1, 2])
async def test_five_at_once_are_answered(
    client: httpx.AsyncClient, rounds: int
) -> None:
    """Five people who ask at once are answered, each with what is theirs."""
    for _ in range(rounds):
        answers = await asyncio.gather(*(ask(client, who) for who in PEOPLE))
        statuses = [one.status_code for one in answers]
        assert statuses == [200] * 5, (
            f"The pool has one connection, and five people asked at once: {statuses}."
        )
        told = [(one.json()["parcels"], one.json()["scanned"]) for one in answers]
        expected = [(many, min(many, 1)) for many in PEOPLE.values()]
        assert told == expected, (
            f"Five people asked at once for parcels and those picked up: {told}; "
            f"expected: {expected}."
        )


# - A load has a session of its own. It goes on when the request that began it is gone.
async def test_a_load_goes_on(
    client: httpx.AsyncClient, app: FastAPI, single: "AsyncEngine"
) -> None:
    """A load goes on when the request that began it is gone."""
    from sqlalchemy import event

    asked = asyncio.Event()

    @event.listens_for(single.sync_engine, "before_cursor_execute")
    def note(*details: object) -> None:
        if "count(" in str(details[2]).lower():
            asked.set()

    first = asyncio.create_task(ask(client, 14))
    waiting = asyncio.create_task(asked.wait())
    await asyncio.wait([first, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert asked.is_set(), "No statement with a count was sent."
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    for _ in range(500):
        if app.state.store.kept:
            break
        await asyncio.sleep(0.01)
    kept = [*app.state.store.kept.values()]
    assert '"parcels":3' in "".join(kept).replace(" ", ""), (
        "A request was broken off while its load was running. Others may wait for that "
        f"load, so it has to go on and be kept; kept is {kept}. Does the load still "
        "open a session of its own, `async with sessions() as session`?"
    )


# - What lesson 19 promised stays: each account and each `kind` has an answer of its
# own, no other cache keeps it, and without an account it is a 401.
async def test_everybody_reads_their_own(client: httpx.AsyncClient) -> None:
    """Each account and each `kind` has an answer of its own, cached or not."""
    for _ in range(2):
        for who, many in PEOPLE.items():
            for kind, scanned in (("picked_up", min(many, 1)), ("delivered", 0)):
                answer = await ask(client, who, kind)
                expected = {"kind": kind, "parcels": many, "scanned": scanned}
                found = answer.json() if answer.status_code == 200 else answer.text
                assert found == expected, (
                    f"Account {who} asked for {kind} and was answered "
                    f"{answer.status_code} {answer.text}; expected: {expected}."
                )


async def test_it_is_as_it_was(client: httpx.AsyncClient) -> None:
    """Without a `kind` it is about deliveries, and it is JSON."""
    expiry = datetime(2099, 3, 2, 12, tzinfo=UTC)
    claims = {"sub": "14", "type": "access", "exp": expiry}
    token = jwt.encode(claims, KEY.get_secret_value(), "HS256")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await client.get("/summary", headers=headers)
    kind = answer.headers.get("Content-Type", "")
    assert (answer.status_code, kind) == (200, "application/json"), (
        f"Without a `kind`, the answer was {answer.status_code} of type {kind!r}; it "
        "was 200 and 'application/json'."
    )
    assert answer.json() == {"kind": "delivered", "parcels": 3, "scanned": 0}, (
        f"Without a `kind`, the summary is about deliveries: {answer.text}."
    )


async def test_a_second_time_comes_from_the_cache(
    client: httpx.AsyncClient, single: "AsyncEngine"
) -> None:
    """The same question is counted once."""
    from sqlalchemy import event

    counts: list[str] = []

    @event.listens_for(single.sync_engine, "before_cursor_execute")
    def note(*details: object) -> None:
        if "count(" in str(details[2]).lower():
            counts.append(str(details[2]))

    for _ in range(3):
        await ask(client, 13)
    assert len(counts) == 1, (
        f"One account asked three times for the same, and it was counted {len(counts)} "
        "times. Keep `cache.get`, with the account and the kind in its key."
    )


async def test_nobody_else_keeps_it(client: httpx.AsyncClient) -> None:
    """No other cache keeps it, and without an account it is a 401."""
    told = (await ask(client, 11)).headers.get("Cache-Control", "")
    found = {one.strip().lower() for one in told.split(",")}
    assert "no-store" in found <= {"no-store", "private"}, (
        f"The Cache-Control of a summary is {told!r}; it was `no-store`."
    )
    answer = await client.get("/summary")
    assert answer.status_code == 401, (
        f"Somebody without a token was answered {answer.status_code}, not 401."
    )
    closed = await ask(client, 99)
    assert closed.status_code == 401, (
        f"A token of an account that isn't there was answered {closed.status_code}."
    )
