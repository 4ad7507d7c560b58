"""Checks of performance.day: the scans of a day, found by an index."""

import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
DAY = "2026-03-02"
SCANS = (
    ("HAM", "arrived", "2026-03-02T00:00:00+00:00"),
    ("HAM", "arrived", "2026-03-02T23:59:59.999999+00:00"),
    ("HAM", "delivered", "2026-03-02T12:00:00+00:00"),
    ("HAM", "departed", "2026-03-01T23:59:59.999999+00:00"),
    ("HAM", "departed", "2026-03-03T00:00:00+00:00"),
    ("HAM", "departed", "2026-03-01T22:30:00-02:00"),
    ("HAM", "picked_up", "2026-03-03T01:00:00+05:45"),
    ("BER", "arrived", "2026-03-02T12:00:00+00:00"),
    ("BER", "picked_up", "2026-03-02T12:00:00+00:00"),
    ("HAM", "arrived", "0001-01-01T00:00:00+00:00"),
    ("HAM", "delivered", "9999-12-31T23:59:59.999999+00:00"),
    ("HAM", "arrived", "2025-03-02T12:00:00+00:00"),
    ("HAM", "arrived", "2026-04-02T12:00:00+00:00"),
)
COUNTED = {
    ("HAM", DAY): {"arrived": 2, "delivered": 1, "departed": 1, "picked_up": 1},
    ("BER", DAY): {"arrived": 1, "picked_up": 1},
    ("HAM", "2026-03-01"): {"departed": 1},
    ("HAM", "2026-03-03"): {"departed": 1},
    ("LEJ", DAY): {},
    ("BER", "2026-03-01"): {},
}


@pytest.fixture(autouse=True)
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this computer's own time be far from UTC, where that can be changed."""
    import time

    monkeypatch.setenv("TZ", "ODD-05:45")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
async def app(sessions: "async_sessionmaker[AsyncSession]") -> FastAPI:
    """An app with the route, which a courier asks; there are scans."""
    from decimal import Decimal

    from waybill.days import router
    from waybill.dependencies import current_account
    from waybill.schemas import ScanKind
    from waybill.tables import Account, Parcel, Role, Scan

    courier = Account(id=23, email="cem@example.com", role=Role.COURIER)
    sent = {"owner_id": 23, "to": {}, "weight_g": 1, "value": Decimal(1)}
    async with sessions.begin() as session:
        session.add(courier)
        await session.flush()
        session.add(Parcel(id=3, tracking_code="WB3", **sent))
        await session.flush()
        for depot, kind, at in SCANS:
            moment = datetime.fromisoformat(at)
            what: dict[str, Any] = {"depot": depot, "kind": ScanKind(kind)}
            session.add(Scan(parcel_id=3, at=moment, **what))
    app = FastAPI()
    app.include_router(router)
    app.state.sessions = sessions
    app.state.who = courier
    app.dependency_overrides[current_account] = lambda: app.state.who
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def asked(engine: "AsyncEngine") -> list[tuple[str, Any]]:
    """Every statement with a count that the engine has sent, and its values."""
    sent: list[tuple[str, Any]] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*details: Any) -> None:  # noqa: ANN401
        sent.append((str(details[2]), details[3]))

    return sent


async def counted(client: httpx.AsyncClient, depot: str, day: str) -> object:
    """Ask for a day, and return what was counted."""
    answer = await client.get(f"/depots/{depot}/days/{day}")
    assert answer.status_code == 200, (
        f"GET /depots/{depot}/days/{day} was answered {answer.status_code}: "
        f"{answer.text[:100]}"
    )
    body = answer.json()
    assert (body["depot"], body["day"]) == (depot, day), (
        f"Asked was for {depot} on {day}, and the answer is about {body}."
    )
    return body["scans"]


# - Only scans of this depot and of this day are counted, from its first microsecond to
# its last, in UTC.
async def test_the_whole_day_and_no_more(client: httpx.AsyncClient) -> None:
    """Scans of this depot and day are counted, its first and last moments included."""
    for (depot, day), expected in COUNTED.items():
        found = await counted(client, depot, day)
        assert found == expected, (
            f"On {day}, in UTC, {depot} has made {expected}; counted were {found}. One "
            "scan each was made in the first and the last microsecond of a day, some "
            "in other time zones, and one at a time when it was another day there."
        )


# - Each kind that was there has its count, and others are left out.
async def test_each_kind_has_its_count(client: httpx.AsyncClient) -> None:
    """Each kind that was there has its count, and others are left out."""
    from waybill.schemas import ScanKind

    found: Any = await counted(client, "BER", DAY)
    assert found == {"arrived": 1, "picked_up": 1}, (
        f"BER has made one scan of `arrived` and one of `picked_up`: {found}."
    )
    nothing = await counted(client, "LEJ", DAY)
    assert nothing == {}, (
        f"LEJ has made no scan at all, and read {nothing} of {len(ScanKind)} kinds."
    )


# - The plan searches by the depot and by both ends of the day.
@pytest.mark.parametrize(("depot", "day"), [("HAM", DAY), ("BER", "2024-02-29")])
async def test_the_index_is_used(
    client: httpx.AsyncClient,
    engine: "AsyncEngine",
    asked: list[tuple[str, Any]],
    depot: str,
    day: str,
) -> None:
    """SQLite finds the scans by the depot and by both ends of the day."""
    await counted(client, depot, day)
    plans = []
    with sqlite3.connect(str(engine.url.database)) as connection:
        for sql, values in asked:
            if "scans" in sql.lower() and sql.lstrip().upper().startswith("SELECT"):
                rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
                plan = "; ".join(str(row[3]) for row in rows)
                plans.append(re.sub(r"INDEX \w+", "INDEX …", plan))
    connection.close()
    assert plans, "No statement has asked for scans."
    for plan in plans:
        assert "depot=? AND at>? AND at<?" in plan, (
            f"The plan of your query is: {plan}. It should search by depot=? AND at>? "
            "AND at<?: compare `Scan.at` itself with the two ends, and put it into no "
            "function."
        )


# - One statement is enough, however many scans there are.
async def test_one_statement_is_enough(
    client: httpx.AsyncClient, asked: list[tuple[str, Any]]
) -> None:
    """One statement is enough, and it returns a row for each kind."""
    await counted(client, "HAM", DAY)
    about = [sql for sql, _ in asked if "scans" in sql.lower()]
    assert len(about) == 1, (
        f"For one day, {len(about)} statements were sent about scans: let the database "
        "group and count."
    )
    assert "group by" in about[0].lower(), (
        "Your statement returns each scan, to be counted in Python; a busy depot has "
        "thousands a day. `.group_by(Scan.kind)` returns a row for each kind."
    )


# - Each day that `date` knows is answered, 0001-01-01 and 9999-12-31 as well.
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (str(date.min), {"arrived": 1}),
        (str(date.max), {"delivered": 1}),
        ("9999-12-30", {}),
        ("2024-02-29", {}),
    ],
)
async def test_every_day_is_answered(
    client: httpx.AsyncClient, day: str, expected: object
) -> None:
    """Each day that `date` knows is answered, also the first and the last one."""
    found = await counted(client, "HAM", day)
    assert found == expected, f"On {day}, HAM has made {expected}; counted: {found}."


async def test_what_is_no_day_is_refused(client: httpx.AsyncClient) -> None:
    """What is no day, and what is no depot, is a 422; a sender reads nothing."""
    for path in ("HAM/days/2026-02-30", "ham/days/2026-03-02", "HAM/days/today"):
        answer = await client.get(f"/depots/{path}")
        assert answer.status_code == 422, (
            f"GET /depots/{path} was answered {answer.status_code}, not 422. Leave the "
            "parameters as the starting code has them."
        )


async def test_senders_read_nothing(client: httpx.AsyncClient, app: FastAPI) -> None:
    """A sender is answered 403."""
    from waybill.tables import Account, Role

    app.state.who = Account(id=7, email="lena@example.com", role=Role.SENDER)
    answer = await client.get(f"/depots/HAM/days/{DAY}")
    assert answer.status_code == 403, (
        f"A sender asked for a depot's day, and was answered {answer.status_code}. "
        "Keep `_courier: Courier`."
    )
    app.state.who = Account(id=8, email="dora@example.com", role=Role.DISPATCHER)
    answer = await client.get(f"/depots/HAM/days/{DAY}")
    assert answer.status_code == 200, (
        f"A dispatcher asked, and was answered {answer.status_code}."
    )
