"""Checks of repository.depot_scans: pages that neither repeat a scan nor lose one."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine

    from waybill.tables import Parcel

LENA, BOB = "lena@example.com", "bob@example.com"
CEM, DORA = "cem@example.com", "dora@example.com"
DEPOTS = {n: "HAM" if n % 3 == 0 else "BER" for n in range(1, 68)}
BERLIN = [n for n in sorted(DEPOTS, reverse=True) if DEPOTS[n] == "BER"]
"""The scans of BER, the highest id first; the later its id, the earlier its time."""
PARCEL = {n: 100 + n * 7 % 30 for n in DEPOTS}
LARGEST = 2**63 - 1
Ask = Callable[..., Awaitable[tuple[list[int], str | None]]]


@pytest.fixture
async def app(
    keep: Callable[..., Awaitable[None]],
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., "Parcel"],
    scan: Callable[..., Any],
    mount: Callable[..., FastAPI],
    asking: dict[str, str],
) -> FastAPI:
    """An app with 30 parcels and 67 scans in two depots; Cem, a courier, asks."""
    from waybill import operations

    asking["email"] = CEM
    await keep(*[parcel(100 + i, (LENA, BOB)[i % 2]) for i in range(30)])
    await keep(*[scan(PARCEL[n], n, depot) for n, depot in DEPOTS.items()])
    return mount(operations.router)


@pytest.fixture
def fetched(engine: "AsyncEngine") -> list[tuple[object, ...]]:
    """The rows that SQLite handed out; it delivers backwards what is left unsorted."""
    from sqlalchemy import event

    rows: list[tuple[object, ...]] = []

    def note(_cursor: object, row: tuple[object, ...]) -> tuple[object, ...]:
        rows.append(row)
        return row

    @event.listens_for(engine.sync_engine, "checkout")
    def prepare(connection: "DBAPIConnection", *_: object) -> None:
        connection.driver_connection.row_factory = note

    return rows


@pytest.fixture
def ask(client: httpx.AsyncClient, crash: SimpleNamespace) -> Ask:
    """Return a function that asks for a page; it returns ids, and the next page."""

    async def ask(url: str, **query: int) -> tuple[list[int], str | None]:
        response = await client.get(url, params=query or None)
        assert response.status_code == 200, (
            f"GET {response.request.url.raw_path.decode()} was answered "
            f"{response.status_code}. {crash.told()}{response.text}"
        )
        links = response.links
        return [one["id"] for one in response.json()], links.get("next", {}).get("url")

    return ask


# - `GET /depots/{depot}/scans` answers with the depot's scans, the one with the highest
# id first.
@pytest.mark.parametrize("depot", ["BER", "HAM"])
async def test_a_depot_sees_its_scans(client: httpx.AsyncClient, depot: str) -> None:
    """A depot sees its own scans, by id downwards, each with its parcel's code."""
    response = await client.get(f"/depots/{depot}/scans", params={"limit": 100})
    assert response.status_code == 200, f"GET /depots/{depot}/scans: {response.text}"
    found = response.json()
    wanted = [n for n in sorted(DEPOTS, reverse=True) if DEPOTS[n] == depot]
    ids = [str(one.get("id")) for one in found]
    assert ids == [str(number) for number in wanted], (
        f"The scans of {depot} came as {ids}; wanted were {wanted}."
    )
    for one in found:
        code, number = f"WB{PARCEL[one['id']]}", one["id"]
        assert one["tracking_code"] == code, (
            f"Scan {number} is of parcel {code}, and the list says {one}."
        )
        told = {*one} - {"id", "depot", "kind", "at", "tracking_code"}
        assert not told, f"Scan {number} also tells {told}; see `DepotScan`."
        assert one["depot"] == depot, f"Scan {number} was in {depot}: {one}."
        at = datetime.fromisoformat(one["at"])
        assert at.tzinfo, f"Scan {number} has a time without an offset: {one['at']}."


async def test_the_highest_id_is_first(
    ask: Ask, keep: Callable[..., Awaitable[None]], scan: Callable[..., Any]
) -> None:
    """The highest id comes first, however high it is."""
    newest = scan(100)
    newest.id = LARGEST - 1
    await keep(newest)
    ids, _ = await ask("/depots/BER/scans")
    assert ids[:1] == [LARGEST - 1], (
        f"The newest scan has the id {LARGEST - 1}, and the first page begins with "
        f"{ids[:1]}. Without `before`, nothing is left out."
    )


async def test_a_page_has_bounds(client: httpx.AsyncClient, ask: Ask) -> None:
    """A page holds 20 scans, or `limit`: 1 to 100; a depot is three capitals."""
    ids, _ = await ask("/depots/BER/scans")
    assert ids == BERLIN[:20], f"Without a limit came {ids}."
    for url in (
        *("BER/scans?limit=0", "BER/scans?limit=101", "BER/scans?limit=-1"),
        *("ber/scans", "BERL/scans", "BER%0A/scans"),
    ):
        status = (await client.get(f"/depots/{url}")).status_code
        assert status == 422, f"GET /depots/{url} was answered {status} and not 422."


# - With `before`, a whole number from 1 to 2**63 - 1, the page begins below this id.
async def test_a_page_begins_below_an_id(ask: Ask) -> None:
    """With `before`, a page begins below this id."""
    for before, limit in ((41, 5), (40, 5), (42, 1), (3, 9), (1, 9), (LARGEST, 4)):
        ids, _ = await ask("/depots/BER/scans", before=before, limit=limit)
        wanted = [n for n in BERLIN if n < before][:limit]
        assert ids == wanted, (
            f"?before={before}&limit={limit} brought the scans {ids}; wanted: {wanted}."
        )


async def test_before_has_bounds(client: httpx.AsyncClient) -> None:
    """A `before` below 1 or beyond 2**63 - 1 is answered 422."""
    for before in (0, -1, LARGEST + 1, "x"):
        response = await client.get("/depots/BER/scans", params={"before": before})
        status = response.status_code
        assert status == 422, f"?before={before} was answered {status} instead of 422."


# - If there are older scans, the header `Link` holds the next page, with the same
# `limit`.
async def test_the_links_lead_through_all_scans(ask: Ask) -> None:
    """The links lead through all pages, each of the same length; the last has none."""
    for limit in (7, 9, 15, 44, 45, 46, 100):
        url: str | None = f"/depots/BER/scans?limit={limit}"
        pages: list[list[int]] = []
        while url and len(pages) < 60:
            ids, url = await ask(url)
            pages.append(ids)
        wanted = [BERLIN[i : i + limit] for i in range(0, len(BERLIN), limit)]
        empty = (
            "" if pages[-1] else "The last page is empty: is there one more to show?"
        )
        assert pages == wanted, (
            f"BER has {len(BERLIN)} scans. With ?limit={limit} the links led to pages "
            f"of {[len(page) for page in pages]} scans; wanted are "
            f"{[len(page) for page in wanted]}. {empty}"
        )


# - Who follows the links sees every scan once, whatever comes in meanwhile.
async def test_new_scans_repeat_nothing(
    ask: Ask, keep: Callable[..., Awaitable[None]], scan: Callable[..., Any]
) -> None:
    """Who follows the links sees every scan once, though new ones come in."""
    url: str | None = "/depots/BER/scans?limit=10"
    seen: list[int] = []
    new = 1000
    while url and len(seen) < 200:
        ids, url = await ask(url)
        seen += ids
        await keep(*[scan(100, new + i, "BER") for i in range(3)])
        new += 3
    twice = sorted({n for n in seen if seen.count(n) > 1}, reverse=True)
    assert not twice, (
        f"Between the pages three scans came in, and these were shown twice: {twice}. "
        "Begin the next page below the last id that was shown."
    )
    assert seen == BERLIN, f"These scans were shown: {seen}."


# - The link begins with the path.
async def test_the_link_names_no_host(app: FastAPI, client: httpx.AsyncClient) -> None:
    """The link begins with the path that was asked, whatever host a request names."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    response = await client.get("/depots/BER/scans?limit=2", headers=headers)
    link = response.headers.get("Link", "")
    assert "evil" not in link, (
        f"The request named the host evil.example, and the answer's Link is {link}. A "
        "cache would hand it to others. Begin with `request.url.path`."
    )
    assert link.startswith("</depots/BER/scans?"), (
        f"The Link of a page that isn't the last one is {link!r}; it should begin with "
        "</depots/BER/scans?"
    )
    from waybill import operations

    app.include_router(operations.router, prefix="/v1")  # as Waybill does
    response = await client.get("/v1/depots/BER/scans?limit=2")
    link = response.headers.get("Link", "")
    assert link.startswith("</v1/depots/BER/scans?"), (
        f"GET /v1/depots/BER/scans was answered with the Link {link!r}, which leads "
        "somewhere else. Begin with the path that was asked, `request.url.path`."
    )


# - A page costs one query on scans and parcels, and reads one row beyond the page at
# most.
@pytest.mark.parametrize("limit", [30, 2])
async def test_one_query_will_do(
    ask: Ask,
    queries: list[str],
    fetched: list[tuple[object, ...]],
    limit: int,
) -> None:
    """A page costs one query, and reads one row beyond the page at most."""
    queries.clear()
    ids, _ = await ask("/depots/BER/scans", limit=limit)
    sent = [sql for sql in queries if "parcels" in sql or "scans" in sql]
    assert len(ids) == limit, f"?limit={limit} brought {len(ids)} scans."
    assert len(sent) == 1, (
        f"A page of {limit} took {len(sent)} queries on scans and parcels; one will "
        "do. Join the parcels."
    )
    account = 1
    assert len(fetched) <= limit + 1 + account, (
        f"A page of {limit} made the database send {len(fetched) - account} rows."
    )


# - Couriers and dispatchers may ask; senders are answered 403.
async def test_senders_may_not_ask(
    client: httpx.AsyncClient, asking: dict[str, str]
) -> None:
    """Couriers and dispatchers may ask; senders are answered 403."""
    for email, wanted in ((CEM, 200), (DORA, 200), (LENA, 403), (BOB, 403)):
        asking["email"] = email
        for depot in ("BER", "CPH"):
            status = (await client.get(f"/depots/{depot}/scans")).status_code
            assert status == wanted, (
                f"{email} asked for the scans of {depot} and was answered {status} "
                f"instead of {wanted}."
            )
