"""Checks of caching.etag: who has an answer already gets a 304."""

import builtins
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import Scan

Connect = Callable[..., httpx.AsyncClient]
pytestmark = pytest.mark.usefixtures("known")


class Store(Protocol):
    """A store whose texts a check may change."""

    kept: dict[str, str]


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


async def etag_of(client: httpx.AsyncClient, code: str = "WB7") -> str:
    """Return the ETag of a parcel's answer."""
    response = await client.get(f"/track/{code}")
    etag = response.headers.get("ETag", "")
    assert response.status_code == 200, f"GET /track/{code}: {response.status_code}."
    kind = response.headers.get("Content-Type")
    assert kind == "application/json", f"GET /track/{code} is of the kind {kind!r}."
    assert re.fullmatch(r'W/"[\x21\x23-\x7e]+"', etag), (
        f"GET /track/{code} has the ETag {etag!r}. A weak one is W/ and a name in "
        'quotes: W/"9b2d…".'
    )
    return etag


# - A 200 has an `ETag`: weak, in quotes, the same for equal texts in every process, and
# another one for another text.
async def test_equal_texts_have_equal_names(
    client: httpx.AsyncClient, store: Store
) -> None:
    """Equal texts have one weak ETag, loaded or from the cache; others have others."""
    loaded, cached = [await etag_of(client) for _ in range(2)]
    assert cached == loaded, f"Two answers with one text: {loaded} and {cached}."
    text = store.kept["track:WB7"]
    found = {loaded}
    for other in (text[:-1] + " }", text.replace("BER", "BES"), text + " ", text * 2):
        store.kept["track:WB7"] = other
        found.add(await etag_of(client))
    assert len(found) == 5, (
        "Five texts, which differed in a character or in their length, had "
        f"{len(found)} different ETags. Use all of the text."
    )
    store.kept["track:WB8"] = text
    same = await etag_of(client, "WB8")
    assert same == loaded, f"A text had the ETag {loaded}, and the same one {same}."


async def test_processes_agree(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a text is the same in every process, and after every restart."""
    first = await etag_of(client)
    own = builtins.hash
    # Python's own hash of a text is another one in each process; so it is from here.
    monkeypatch.setattr(builtins, "hash", lambda value: own(value) ^ 0x5F5F)
    second = await etag_of(client)
    monkeypatch.undo()
    agree = second == first  # a hash in a verdict would make it another one each time
    assert agree, (
        "One text had one ETag here, and another one in another process. `hash()` "
        "differs in each process, so each worker and each restart would tell everybody "
        "that all is new. Take sha256."
    )


# - If `If-None-Match` names it, with `W/` or without, alone or in a list with commas,
# the answer is 304.
@pytest.mark.parametrize(
    "shown",
    [
        "{weak}",
        "{strong}",
        '"77ac", {weak}',
        '{weak},W/"77ac"',
        '"a" ,  {strong} , "b"',
        "*",
    ],
)
async def test_who_has_it_gets_a_304(client: httpx.AsyncClient, shown: str) -> None:
    """If `If-None-Match` names it, weak or strong, alone, in a list, or by `*`: 304."""
    weak = await etag_of(client)
    header = shown.format(weak=weak, strong=weak.removeprefix("W/"))
    response = await client.get("/track/WB7", headers={"If-None-Match": header})
    assert response.status_code == 304, (
        f"The ETag is {weak}. With If-None-Match: {header} the answer was "
        f"{response.status_code}, not 304."
    )


# - A 304 has no body, and the `ETag` and `Cache-Control` of the 200.
async def test_a_304_has_headers_and_no_body(client: httpx.AsyncClient) -> None:
    """A 304 has no body, and the `ETag` and `Cache-Control` of the 200."""
    full = await client.get("/track/WB7")
    etag = await etag_of(client)
    response = await client.get("/track/WB7", headers={"If-None-Match": etag})
    assert response.status_code == 304, f"It was answered {response.status_code}."
    assert response.content == b"", f"A 304 came with a body: {response.text!r}."
    for name in ("ETag", "Cache-Control"):
        told = (response.headers.get(name), full.headers.get(name))
        assert told[0] == told[1], (
            f"The {name} of a 304 is {told[0]!r}, not {told[1]!r}."
        )
    found = sorted(one.strip() for one in full.headers["Cache-Control"].split(","))
    assert found == ["no-cache", "public"], (
        f"The Cache-Control of a 200 is {full.headers['Cache-Control']!r}; it stays "
        "public, no-cache."
    )


# - Everything else is answered 200, and an unknown code 404, whatever the header says.
@pytest.mark.parametrize(
    "shown",
    [
        None,
        "",
        '"77ac"',
        'W/"77ac", "b"',
        "{bare}",
        '"x{bare}"',
        '"{bare}x"',
        '"{half}"',
        '"*"',
        '"a*b"',
        "{other}",
        'W/"{swapped}"',
    ],
)
async def test_everything_else_is_answered_whole(
    client: httpx.AsyncClient, shown: str | None
) -> None:
    """Another name, a part of it, another parcel's or none: 200, and the text."""
    weak, other = await etag_of(client), await etag_of(client, "WB8")
    bare = weak.removeprefix("W/").strip('"')
    names = {"bare": bare, "half": bare[: len(bare) // 2], "other": other}
    names["swapped"] = bare.swapcase() if bare.swapcase() != bare else f"{bare}X"
    header = None if shown is None else shown.format(**names)
    headers = {} if header is None else {"If-None-Match": header}
    response = await client.get("/track/WB7", headers=headers)
    assert response.status_code == 200, (
        f"The ETag is {weak}. With If-None-Match: {header} the answer was "
        f"{response.status_code}, not 200. Compare whole names, with their quotes."
    )
    assert response.json()["tracking_code"] == "WB7", f"The body is {response.text}."


async def test_a_new_text_is_answered_whole(
    client: httpx.AsyncClient,
    keep: Callable[..., Awaitable[None]],
    scan: "Callable[..., Scan]",
    store: Store,
) -> None:
    """When something has changed, the old name gets a 200 with the new text."""
    old = await etag_of(client)
    await keep(scan(7, 90, "delivered"))
    store.kept.clear()
    response = await client.get("/track/WB7", headers={"If-None-Match": old})
    kinds = [one["kind"] for one in response.json()["scans"]]
    assert (response.status_code, kinds[-1]) == (200, "delivered"), (
        f"WB7 was scanned since. With the old ETag: {response.status_code}, {kinds}."
    )


@pytest.mark.parametrize("shown", ["*", None])
async def test_an_unknown_code_is_still_404(
    client: httpx.AsyncClient, shown: str | None
) -> None:
    """An unknown code is 404 with `no-store`, whatever the header says."""
    headers = {"If-None-Match": shown} if shown else {}
    response = await client.get("/track/WB9", headers=headers)
    told = (response.status_code, response.headers.get("Cache-Control"))
    assert told == (404, "no-store"), f"GET /track/WB9, {headers}: {told}."
