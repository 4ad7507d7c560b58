"""Checks of caching.summary: everybody reads what is theirs, and asks for it once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Account, Scan

Connect = Callable[..., httpx.AsyncClient]
pytestmark = pytest.mark.usefixtures("known")

COUNTED = {
    ("311", ""): {"kind": "delivered", "parcels": 2, "scanned": 0},
    ("311", "?kind=delivered"): {"kind": "delivered", "parcels": 2, "scanned": 0},
    ("311", "?kind=picked_up"): {"kind": "picked_up", "parcels": 2, "scanned": 1},
    ("17", "?kind=picked_up"): {"kind": "picked_up", "parcels": 1, "scanned": 0},
    ("17", "?kind=departed"): {"kind": "departed", "parcels": 1, "scanned": 1},
    ("17", ""): {"kind": "delivered", "parcels": 1, "scanned": 0},
    ("3117", ""): {"kind": "delivered", "parcels": 0, "scanned": 0},
}
NAMES = {"311": "Lena", "17": "Bob", "3117": "Noor"}


class Store(Protocol):
    """A store that notes what is asked of it."""

    kept: dict[str, str]
    puts: list[tuple[str, str]]


@pytest.fixture
def app(sessions: "async_sessionmaker[AsyncSession]", store: Store) -> FastAPI:
    """An app that is told by `X-Test-Account` who asks, and believes it."""
    from waybill.cache import Cache
    from waybill.dependencies import current_account
    from waybill.tables import Account
    from waybill.tracking import router

    async def asking(request: Request) -> "Account":
        number = request.headers.get("X-Test-Account")
        if number is None:
            raise HTTPException(401)
        return Account(id=int(number), email=f"{NAMES[number]}@example.com")

    app = FastAPI()
    app.include_router(router)
    app.state.sessions = sessions
    app.state.cache = Cache(store)  # type: ignore[arg-type]
    app.dependency_overrides[current_account] = asking
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that says who asks."""
    async with connect(app) as client:
        yield client


async def ask(
    client: httpx.AsyncClient, number: str, query: str = "", **headers: str
) -> httpx.Response:
    """Ask for a summary, as somebody."""
    shown = {"X-Test-Account": number} | headers
    return await client.get(f"/summary{query}", headers=shown)


# - Each account has answers of its own, and in each of them one for each `kind`.
@pytest.mark.parametrize("backwards", [False, True])
async def test_everybody_reads_their_own(
    client: httpx.AsyncClient, backwards: bool
) -> None:
    """Each account reads its own summary, of the `kind` that it asks for."""
    cases = [*COUNTED.items()]
    for _ in range(2):
        for (number, query), expected in cases[::-1] if backwards else cases:
            response = await ask(client, number, query)
            assert response.json() == expected, (
                f"{NAMES[number]} asked for /summary{query} and read {response.text}; "
                f"expected: {expected}. Others had asked before. Does the key hold all "
                "that the answer depends on?"
            )


# - Two requests of one account for the same `kind` share one load, whoever sends them
# and by whatever client.
async def test_the_same_question_is_loaded_once(
    client: httpx.AsyncClient, queries: list[str], store: Store, app: FastAPI
) -> None:
    """The same question of one account is loaded once, whatever else differs."""
    await ask(client, "311")
    assert len(store.puts) == 1, (
        f"Lena asked for her summary, and {len(store.puts)} texts were kept. The "
        "answer comes from the cache: `await cache.get(key, load)`."
    )
    queries.clear()
    for query, headers in (
        ("", {}),
        ("?kind=delivered", {}),
        ("?kind=delivered&page=2", {}),
        ("", {"User-Agent": "a phone", "Accept-Language": "de", "X-Request-ID": "7"}),
        ("", {"Authorization": "Bearer another token of hers", "Cookie": "a=1"}),
    ):
        await ask(client, "311", query, **headers)
        assert not queries, (
            f"Lena's summary was kept, she asked for /summary{query} with the headers "
            f"{headers}, and the database was asked again. Only the account and the "
            "`kind` belong into the key."
        )
    elsewhere = httpx.ASGITransport(app, client=("198.51.100.4", 4711))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://w") as phone:
        await ask(phone, "311")
    assert not queries, (
        "Lena's summary was kept. She asked from another address, and the database was "
        "asked again: only the account and the `kind` belong into the key."
    )


# - No other cache keeps it: `Cache-Control` is `no-store`.
async def test_nobody_else_keeps_it(client: httpx.AsyncClient) -> None:
    """No other cache keeps it: `Cache-Control` is `no-store`."""
    for which in ("loaded", "cached"):
        response = await ask(client, "311")
        told = response.headers.get("Cache-Control", "")
        found = {one.strip().lower() for one in told.split(",")}
        assert "no-store" in found <= {"no-store", "private"}, (
            f"The Cache-Control of Lena's {which} summary is {told!r}. A cache between "
            "her and Waybill might give it to Bob: no-store."
        )


# - Who isn't signed in gets a 401, whatever the cache holds.
async def test_the_guard_stands_before_the_cache(client: httpx.AsyncClient) -> None:
    """Who isn't signed in gets a 401, whatever the cache holds."""
    for when in ("Nobody had asked", "Lena had asked before"):
        response = await client.get("/summary")
        assert response.status_code == 401, (
            f"{when}, and somebody without an account was answered "
            f"{response.status_code}. Keep `account: CurrentAccount`."
        )
        await ask(client, "311")


# - What the cache keeps of a parcel isn't touched.
async def test_parcels_are_kept_apart(
    client: httpx.AsyncClient,
    store: Store,
    keep: Callable[..., Awaitable[None]],
    scan: "Callable[..., Scan]",
) -> None:
    """What the cache keeps of a parcel isn't touched, and the other way round."""
    before = (await client.get("/track/WB7")).text
    for number, query in COUNTED:
        await ask(client, number, query)
    after = (await client.get("/track/WB7")).text
    assert after == before, f"Of WB7, everybody reads {after}; before, it was {before}."
    mixed = [key for key, _ in store.puts if key.startswith("track:")]
    assert mixed == ["track:WB7"], f"Summaries were kept under {mixed[1:]}."
    store.kept.clear()
    await keep(scan(70, 95, "delivered"))
    response = await ask(client, "311")
    assert response.json()["scanned"] == 1, (
        f"One of Lena's parcels was delivered, and the store was emptied. She reads "
        f"{response.text}: nothing but the store may keep it."
    )
