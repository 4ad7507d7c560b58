"""Checks of dependencies.list_parcels: a list that asks the database twice at most."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import ResponseValidationError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Parcel

Connect = Callable[..., httpx.AsyncClient]
Ask = Callable[..., Any]

LENA, BOB = "lena@example.com", "bob@example.com"
BUDGET = 2


@pytest.fixture
async def stored(
    sessions: "async_sessionmaker[AsyncSession]", parcel: Callable[..., "Parcel"]
) -> dict[int, list[str]]:
    """Parcels 1 to 40, the depots of their scans by parcel; every fourth is Bob's.

    Every fifth parcel has no scan yet.
    """
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    depots = {
        number: [] if number % 5 == 0 else ["BER", "AMS", "CPH"][: 1 + number % 3]
        for number in range(1, 41)
    }
    async with sessions.begin() as session:
        for number in reversed(depots):
            owner = LENA if number % 4 else BOB
            session.add(parcel(number, owner, weight_g=number))
    async with sessions.begin() as session:
        for round_ in range(3):
            for number, all_depots in depots.items():
                for depot in all_depots[round_ : round_ + 1]:
                    at = datetime(2026, 3, 9 - round_, tzinfo=UTC)
                    kind = ScanKind.ARRIVED
                    scan = Scan(parcel_id=number, depot=depot, kind=kind, at=at)
                    session.add(scan)
    return depots


@pytest.fixture
def backwards(engine: "AsyncEngine") -> None:
    """Let SQLite deliver backwards whatever a query leaves unordered."""
    from sqlalchemy import event

    @event.listens_for(engine.sync_engine, "checkout")
    def reverse(connection: "DBAPIConnection", *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA reverse_unordered_selects = ON")
        cursor.close()


@pytest.fixture
def ask(
    connect: Connect,
    mount: Callable[[APIRouter], FastAPI],
    asking: dict[str, str],
    stored: dict[int, list[str]],
    backwards: None,  # noqa: ARG001  # used for what it does
) -> Ask:
    """Return a function that asks for a list and returns its items."""
    from waybill import parcels

    app = mount(parcels.router)

    async def ask(email: str = LENA, **query: int) -> list[dict[str, Any]]:
        asking["email"] = email
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
        assert all(item["id"] in stored for item in items), (
            f"The list holds parcels that nobody handed in: {response.text}"
        )
        return items

    return ask


@pytest.fixture
def loaded() -> Iterator[list[str]]:
    """The names of the classes whose rows were read into objects, row by row."""
    from sqlalchemy import event

    from waybill.tables import Parcel, Scan

    rows: list[str] = []

    def note(row: object, _context: object) -> None:
        rows.append(type(row).__name__)

    for table in (Parcel, Scan):
        event.listen(table, "load", note)
    yield rows
    for table in (Parcel, Scan):
        event.remove(table, "load", note)


@pytest.mark.parametrize(("email", "name"), [(LENA, "Lena"), (BOB, "Bob")])
async def test_you_see_your_own_parcels(ask: Ask, email: str, name: str) -> None:
    """The list holds your own parcels, all of them and nobody else's, by id."""
    found = [item["id"] for item in await ask(email, limit=100)]
    mine = [n for n in range(1, 41) if (n % 4 == 0) is (email == BOB)]
    foreign = sorted(set(found) - set(mine))
    assert not foreign, (
        f"{name} asked for a list, and it holds foreign parcels: {foreign}."
    )
    lacking = sorted(set(mine) - set(found))
    assert not lacking, (
        f"{name}'s list lacks the parcels {lacking}. A parcel that nobody has scanned "
        "is a parcel too (those with ids such as 5, 10 and 15)."
    )
    assert found == mine, (
        f"{name}'s parcels came in the order {found}; let the query sort them by id. A "
        "database promises no order unasked, and SQLite was told to deliver backwards "
        "here what a query leaves unsorted."
    )


async def test_each_has_its_scans(ask: Ask, stored: dict[int, list[str]]) -> None:
    """Each parcel comes with its own scans, in the order of their ids."""
    items = await ask(limit=100)
    assert items, "Lena has 30 parcels, and the list is empty."
    for item in items:
        number = item["id"]
        scans = item.get("scans")
        depots = [scan["depot"] for scan in scans or []]
        assert depots == stored[number], (
            f"Parcel {number} was scanned in {stored[number]}, by the scans' ids; the "
            f"list says {depots if scans is not None else 'nothing about scans'}."
        )
        for scan in scans:
            assert {*scan} == {"depot", "kind", "at"}, (
                f"A scan left as {scan}. It shows depot, kind and time, as ScanRead "
                "has it."
            )
            assert scan["kind"] == "arrived", f"A scan's kind left as {scan['kind']!r}."
            assert datetime.fromisoformat(scan["at"]).tzinfo, (
                f"A scan's time left as {scan['at']}, without its offset."
            )
        assert item["weight_g"] == number, (
            f"Parcel {number} weighs {number} g, and the list says "
            f"{item.get('weight_g')}."
        )


@pytest.mark.parametrize(
    ("limit", "after", "wanted"),
    [
        (3, 0, [1, 2, 3]),
        (4, 3, [5, 6, 7, 9]),
        (1, 33, [34]),
        (100, 37, [38, 39]),
        (5, 40, []),
    ],
)
async def test_a_page_begins_after_an_id(
    ask: Ask, limit: int, after: int, wanted: list[int]
) -> None:
    """A page holds the first `limit` of your parcels whose ids come after `after`."""
    found = [item["id"] for item in await ask(limit=limit, after=after)]
    assert found == wanted, (
        f"?limit={limit}&after={after} brought Lena the parcels {found}; {wanted} are "
        "hers, come after it, and fit. (Bob owns 4, 8, 12 and so on. "
        "What a query leaves unsorted, SQLite delivers backwards here.)"
    )


@pytest.mark.parametrize("limit", [30, 2, 1])
async def test_two_queries_will_do(ask: Ask, queries: list[str], limit: int) -> None:
    """A page takes two queries at most on parcels and scans, however long it is."""
    queries.clear()
    items = await ask(limit=limit)
    sent = [sql for sql in queries if "parcels" in sql or "scans" in sql]
    assert len(items) == limit, (
        f"Lena has 30 parcels and asked for {limit}; {len(items)} came."
    )
    last = " ".join(sent[-1].split()) if sent else ""
    short = last if len(last) <= 150 else f"{last[:70]} … {last[-70:]}"
    assert len(sent) <= BUDGET, (
        f"A page of {limit} took {len(sent)} queries, and {BUDGET} will do. The last "
        f"one was: {short}. Ask for the scans of the whole page at once."
    )


async def test_no_row_beyond_the_page_is_read(ask: Ask, loaded: list[str]) -> None:
    """The database sends the rows of the page, and no others."""
    items = await ask(limit=4, after=20)
    ids = [item["id"] for item in items]
    assert ids == [21, 22, 23, 25], f"?limit=4&after=20 brought Lena {ids}."
    parcels, scans = loaded.count("Parcel"), loaded.count("Scan")
    wanted = sum(len(item["scans"]) for item in items)
    assert parcels <= len(items), (
        f"The page shows {len(items)} parcels, and {parcels} were read. Let the query "
        "say where the page begins and how long it is."
    )
    assert scans <= wanted, (
        f"The page shows {wanted} scans, and {scans} were read. Ask only for those of "
        "the page's parcels."
    )


async def test_the_bounds_of_a_page_hold(
    connect: Connect, mount: Callable[[APIRouter], FastAPI]
) -> None:
    """The list takes a `PageQuery`: what lies beyond its bounds is answered 422."""
    from waybill.parcels import router

    async with connect(mount(router)) as client:
        for query in ({"limit": 0}, {"limit": 101}, {"after": -1}):
            response = await client.get("/parcels", params=query)
            assert response.status_code == 422, (
                f"GET /parcels with {query} was answered {response.status_code}; a "
                f"page has bounds, and you declared them in this lesson's first kata. "
                f"Ask for that type instead of two numbers."
            )
