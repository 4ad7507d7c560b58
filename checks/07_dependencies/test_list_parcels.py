"""Checks of dependencies.list_parcels: a list that asks the database twice at most."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import ResponseValidationError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine

    from waybill.tables import Parcel, Scan

Connect = Callable[..., httpx.AsyncClient]
Ask = Callable[..., Any]

LENA, BOB = "lena@example.com", "bob@example.com"
CEM, DORA = "cem@example.com", "dora@example.com"
DEMO = "demo@waybill.example"
ROLES = {LENA: "sender", BOB: "sender", CEM: "courier", DORA: "dispatcher"}
ROLES |= {DEMO: "sender"}
NUMBERS = range(1, 53)
OTHERS = dict.fromkeys((9, 26, 43), CEM) | dict.fromkeys((14, 31, 46), DORA)
OTHERS |= dict.fromkeys((19, 35), DEMO)
OWNERS = {n: OTHERS.get(n, LENA if n % 4 else BOB) for n in NUMBERS}
MINE = [n for n in NUMBERS if OWNERS[n] == LENA]
"""Lena's parcels. Bob has every fourth; a few belong to others."""
DEPOTS = ("BER", "AMS", "CPH")
KINDS = ("arrived", "picked_up", "departed")
BUDGET = 2


def scans_of(number: int) -> list[dict[str, Any]]:
    """Return the scans of a parcel by their ids; every fifth parcel has none.

    The later its id, the earlier its time.
    """
    start = datetime(2026, 3, 9, 17, 30, tzinfo=UTC) + timedelta(hours=number)
    return [
        {"depot": DEPOTS[i], "kind": KINDS[i], "at": start - timedelta(days=i)}
        for i in range(1 + number % 3 if number % 5 else 0)
    ]


@pytest.fixture
async def stored(
    fill: Callable[..., Any], parcel: Callable[..., "Parcel"], body: dict[str, Any]
) -> None:
    """Keep the parcels and their scans. Sorted by any column but `id`, all differ."""
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    def rows() -> "Iterator[Parcel | Scan]":
        for n, owner in OWNERS.items():
            code, value = f"WB{n * 37 % 101:03}", Decimal(n * 29 % 53)
            created = datetime(2026, 3, 1 + n * 11 % 29, tzinfo=UTC)
            columns = {"tracking_code": code, "value": value, "created_at": created}
            columns["to"] = body["to"] | {"name": f"Zoë {n * 31 % 89:02}"}
            yield parcel(n, owner, weight_g=1000 - n, **columns)
            for i, scan in enumerate(scans_of(n)):
                kind = ScanKind(scan["kind"])
                yield Scan(id=100 * i + n, parcel_id=n, **scan | {"kind": kind})

    await fill("parcels and scans", rows)


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
        cursor = connection.cursor()
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        cursor.close()
        connection.driver_connection.row_factory = note

    return rows


@pytest.fixture
def ask(
    connect: Connect,
    mount: Callable[..., FastAPI],
    asking: dict[str, str],
    stored: None,  # noqa: ARG001  # used for what it does
    fetched: list[tuple[object, ...]],
) -> Ask:
    """Return a function that asks for a list and returns its items."""
    from waybill import parcels

    app = mount(parcels.router)

    async def ask(email: str = LENA, **query: int) -> list[dict[str, Any]]:
        asking["email"] = email
        fetched.clear()
        try:
            async with connect(app) as client:
                response = await client.get("/parcels", params=query)
        except ResponseValidationError as error:
            if "lazy='raise'" not in str(error):
                raise
            raise AssertionError(
                "A parcel left the route without its scans, and FastAPI asked it for "
                "them: too late, says lazy='raise'. Let the query load them with the "
                "parcels."
            ) from None
        assert response.status_code == 200, (
            f"{email} sent GET /parcels and was answered {response.status_code}: "
            f"{response.text}"
        )
        items: list[dict[str, Any]] = response.json()
        assert all(item["id"] in OWNERS for item in items), (
            f"The list holds parcels that nobody handed in: {response.text}"
        )
        return items

    return ask


# - What works today stays:
@pytest.mark.parametrize("email", [*ROLES])
async def test_you_see_your_own_parcels(ask: Ask, email: str) -> None:
    """The list holds your own parcels, all of them and nobody else's, by id."""
    name = f"{email}, a {ROLES[email]},"
    found = [item["id"] for item in await ask(email, limit=100)]
    mine = [number for number, owner in OWNERS.items() if owner == email]
    foreign = sorted(set(found) - set(mine))
    assert not foreign, (
        f"{name} asked for a list, and it holds foreign parcels: {foreign}. Let "
        "`owner_id` decide, and no role or address."
    )
    lacking = sorted(set(mine) - set(found))
    assert not lacking, (
        f"The list of {name} lacks the parcels {lacking}. A parcel that nobody has "
        "scanned is a parcel too (those with ids such as 5, 10 and 15)."
    )
    assert found == mine, (
        f"The parcels of {name} came in the order {found}; let the query sort them by "
        "id. A database promises no order unasked, and SQLite was told to deliver "
        "backwards here what a query leaves unsorted."
    )


# - What works today stays:
async def test_each_has_its_scans(ask: Ask) -> None:
    """Each parcel comes with its own scans, in the order of their ids."""
    items = await ask(limit=100)
    assert items, f"Lena has {len(MINE)} parcels, and the list is empty."
    for item in items:
        number, wanted = item["id"], scans_of(item["id"])
        scans = item.get("scans")
        assert scans is not None, f"Parcel {number} left without `scans`: {item}"
        found = [scan.get("depot") for scan in scans]
        depots = [scan["depot"] for scan in wanted]
        assert found == depots, (
            f"Parcel {number} was scanned in {depots}, by the scans' ids; the list "
            f"says {found}."
        )
        for scan, kept in zip(scans, wanted, strict=True):
            at = datetime.fromisoformat(scan.get("at", "1999-01-01"))
            assert at.tzinfo, f"A scan's time left as {scan.get('at')}: no offset."
            assert scan | {"at": at} == kept, (
                f"A scan of parcel {number} left as {scan}. It shows its depot, kind "
                f"and time, as ScanRead has it: {kept | {'at': kept['at'].isoformat()}}"
            )
        assert item["weight_g"] == 1000 - number, (
            f"Parcel {number} weighs {1000 - number} g, and the list says "
            f"{item.get('weight_g')}."
        )


# - A page takes two queries at most on parcels and scans, however long it is.
@pytest.mark.parametrize("limit", [30, 2, 1])
async def test_two_queries_will_do(ask: Ask, queries: list[str], limit: int) -> None:
    """A page takes two queries at most on parcels and scans, however long it is."""
    queries.clear()
    items = await ask(limit=limit)
    sent = [sql for sql in queries if "parcels" in sql or "scans" in sql]
    assert len(items) == limit, (
        f"Lena has {len(MINE)} parcels and asked for {limit}; {len(items)} came. (Is "
        "it a range of ids? Others' parcels lie between hers. Is it a limit on a join? "
        "That counts the joined rows, one for each scan.)"
    )
    last = " ".join(sent[-1].split()) if sent else ""
    short = last if len(last) <= 150 else f"{last[:70]} … {last[-70:]}"
    advice = (
        "The scans of the whole page came with one of them already. Leave out what "
        "asks for them once more, such as a loop that calls `refresh`."
        if any(" IN (" in sql for sql in sent)
        else "Ask for the scans of the whole page at once."
    )
    assert len(sent) <= BUDGET, (
        f"A page of {limit} took {len(sent)} queries, and {BUDGET} will do. The last "
        f"one was: {short}. {advice}"
    )


# - What works today stays:
async def test_no_row_beyond_the_page_is_read(
    ask: Ask, fetched: list[tuple[object, ...]]
) -> None:
    """The database sends the rows of the page, and no others."""
    items = await ask(limit=4, after=20)
    ids = [item["id"] for item in items]
    assert ids == [21, 22, 23, 25], f"?limit=4&after=20 brought Lena {ids}."
    scans = sum(len(scans_of(number)) for number in ids)
    assert fetched, "The list came without any row of the database."
    account = 1
    # A row that is sent again, or only its id, is none beyond the page.
    rows = {frozenset(row) for row in fetched if {*row} - {*ids}}
    assert len(rows) <= len(items) + scans + account, (
        f"The page shows {len(items)} parcels and {scans} scans, and the database sent "
        f"{len(rows) - account} rows for it. Let the query say where the page "
        "begins and how long it is, and ask only for the scans of its parcels."
    )


# - It takes a `PageQuery`: the first `limit` parcels whose ids come after `after`.
@pytest.mark.parametrize(
    ("limit", "after"), [(2, 40), (3, 0), (4, 3), (1, 33), (100, 37), (5, 52)]
)
async def test_a_page_begins_after_an_id(ask: Ask, limit: int, after: int) -> None:
    """A page holds the first `limit` of your parcels whose ids come after `after`."""
    found = [item["id"] for item in await ask(limit=limit, after=after)]
    wanted = [number for number in MINE if number > after][:limit]
    assert found == wanted, (
        f"?limit={limit}&after={after} brought Lena the parcels {found}; {wanted} are "
        "hers, come after it, and fit. (Bob owns 4, 8, 12 and so on. "
        "What a query leaves unsorted, SQLite delivers backwards here.)"
    )


async def test_the_bounds_of_a_page_hold(
    connect: Connect, mount: Callable[..., FastAPI], ask: Ask
) -> None:
    """Left out, a page holds 20; beyond its bounds it is answered 422."""
    from waybill.parcels import router

    count = len(await ask())
    assert count == 20, f"Without a limit, a page of {count} came instead of 20."
    async with connect(mount(router)) as client:
        for query in ({"limit": 0}, {"limit": 101}, {"after": -1}, {"after": 2**63}):
            response = await client.get("/parcels", params=query)
            assert response.status_code == 422, (
                f"GET /parcels with {query} was answered {response.status_code}; a "
                f"page has bounds, and you declared them in this lesson's first kata. "
                f"Ask for that type instead of two numbers."
            )
