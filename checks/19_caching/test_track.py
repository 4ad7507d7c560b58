"""Checks of caching.track: the route answers from the cache; others may keep it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

Connect = Callable[..., httpx.AsyncClient]
pytestmark = pytest.mark.usefixtures("known")


class Store(Protocol):
    """A store that notes what is asked of it."""

    kept: dict[str, str]
    puts: list[tuple[str, str]]


@pytest.fixture
async def client(
    connect: Connect, sessions: "async_sessionmaker[AsyncSession]", store: Store
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app that has this route, and a cache on the check's own store."""
    from waybill.cache import Cache
    from waybill.tracking import router

    app = FastAPI()
    app.include_router(router)
    app.state.sessions = sessions
    app.state.cache = Cache(store)  # type: ignore[arg-type]
    async with connect(app) as client:
        yield client


def directives(response: httpx.Response) -> list[str]:
    """Return what an answer says in its Cache-Control, in some order."""
    told = ",".join(response.headers.get_list("Cache-Control"))
    return sorted(one.strip().lower() for one in told.split(",") if one.strip())


# - The answer comes from the cache, under `tracking_key(code)`.
async def test_the_second_answer_loads_nothing(
    client: httpx.AsyncClient, queries: list[str]
) -> None:
    """The answer comes from the cache: a second one sends no statement."""
    first = await client.get("/track/WB7")
    asked = len(queries)
    assert first.status_code == 200, f"GET /track/WB7 got {first.status_code}."
    queries.clear()
    second = await client.get("/track/WB7")
    assert not queries, (
        f"GET /track/WB7 was answered twice. The first answer took {asked} statements, "
        f"the second one {len(queries)} more. Ask `cache.get`, with a load."
    )
    kind = second.headers.get("Content-Type")
    assert kind == "application/json", (
        f"The Content-Type of the answer is {kind!r}. A Response that you make "
        'yourself needs `media_type="application/json"`.'
    )
    assert second.text == first.text, (
        f"The second answer is {second.text}; the first one was {first.text}."
    )


async def test_it_is_kept_under_its_key(
    client: httpx.AsyncClient, store: Store
) -> None:
    """Each parcel is kept under its `tracking_key`, and answered from there."""
    from waybill.tracking import Tracking, tracking_key

    for code in ("WB7", "WB70", "WB8"):
        await client.get(f"/track/{code}")
    kept = [key for key, _ in store.puts]
    assert kept == [tracking_key(code) for code in ("WB7", "WB70", "WB8")], (
        f"WB7, WB70 and WB8 were asked for. The keys that were put are {kept}; "
        "`tracking_key(code)` makes them, so that others find and drop them."
    )
    other = Tracking(tracking_code="FROM THE CACHE", scans=[]).model_dump_json()
    store.kept[tracking_key("WB8")] = other
    response = await client.get("/track/WB8")
    assert response.text == other, (
        f"The cache had {other} for WB8, and the answer was {response.text}. Send the "
        "text as it is."
    )


# - The `Response` that you return has the header `Cache-Control: public, no-cache`.
async def test_others_ask_each_time(client: httpx.AsyncClient) -> None:
    """Everybody may keep it, if they ask each time whether it is still good."""
    for which in ("a loaded", "a cached"):
        response = await client.get("/track/WB7")
        found = directives(response)
        assert found == ["no-cache", "public"], (
            f"The Cache-Control of {which} answer is "
            f"{response.headers.get('Cache-Control')!r}; expected: public, no-cache. "
            "`headers=` of the Response that you return sets it."
        )


# - An unknown code is answered 404, with `no-store`, and is found as soon as a parcel
# has it.
async def test_an_unknown_code_is_not_found_for_now(
    client: httpx.AsyncClient,
    keep: Callable[..., Awaitable[None]],
    parcel: "Callable[..., Parcel]",
    store: Store,
) -> None:
    """An unknown code is a 404 that nobody keeps, and is found once it is there."""
    for _ in range(2):
        response = await client.get("/track/WB9")
        assert (response.status_code, directives(response)) == (404, ["no-store"]), (
            f"GET /track/WB9, which isn't there, got {response.status_code} with the "
            f"Cache-Control {response.headers.get('Cache-Control')!r}."
        )
    assert not store.puts, f"There is no WB9, and the store keeps {store.puts}."
    await keep(parcel(9))
    response = await client.get("/track/WB9")
    assert response.status_code == 200, (
        f"WB9 was handed in a moment ago, and is answered {response.status_code}."
    )
