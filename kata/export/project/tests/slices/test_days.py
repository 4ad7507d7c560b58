"""Days of depots, and a pool that everybody gets through."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from waybill.database import Sessions, make_engine
from waybill.pool import PoolSettings
from waybill.schemas import ScanKind
from waybill.settings import Settings
from waybill.tables import Account, Parcel, Scan


# needs: performance.day performance.api database.open_database permissions.scan
async def test_a_day_has_its_scans_and_no_others(
    client: AsyncClient,
    sessions: Sessions,
    lena: Account,
    courier: Account,
    ask_as: Callable[[Account], None],
) -> None:
    sent = {"owner_id": lena.id, "to": {}, "weight_g": 750, "value": 9}
    day = datetime(2026, 3, 2, tzinfo=UTC)
    async with sessions.begin() as session:
        parcel = Parcel(tracking_code="WB7", **sent)
        session.add(parcel)
        await session.flush()
        for hour in (0, 23):
            what = {"parcel_id": parcel.id, "depot": "HAM", "kind": ScanKind.ARRIVED}
            session.add(Scan(at=day.replace(hour=hour), **what))
        session.add(Scan(at=day.replace(day=3), **what))
    ask_as(courier)
    found = await client.get("/v1/depots/HAM/days/2026-03-02")
    assert found.json()["scans"] == {"arrived": 2}
    for extreme in ("0001-01-01", "9999-12-31"):
        answer = await client.get(f"/v1/depots/HAM/days/{extreme}")
        assert (answer.status_code, answer.json()["scans"]) == (200, {})
    ask_as(lena)
    assert (await client.get("/v1/depots/HAM/days/2026-03-02")).status_code == 403


# needs: performance.held performance.engine caching.api caching.resource
# needs: jwt.current_account jwt.issue_token
async def test_more_people_than_connections_are_all_answered(
    client: AsyncClient,
    sessions: Sessions,
    token_of: Callable[[Account], dict[str, str]],
) -> None:
    people = [Account(email=f"{number}@example.com") for number in range(40)]
    async with sessions.begin() as session:
        session.add_all(people)
    assert len(people) > 2 * PoolSettings().pool_size
    answers = await asyncio.gather(
        *(client.get("/v1/summary", headers=token_of(one)) for one in people)
    )
    assert [one.status_code for one in answers] == [200] * len(people)


# needs: performance.engine settings.settings
async def test_a_pool_is_as_large_as_it_was_measured_to_be(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("RATE", "20"), ("HELD", "0.1"), ("WAIT", "0.1")):
        monkeypatch.setenv(f"WAYBILL_POOL_{name}", value)
    engine = make_engine(settings.database_url)
    try:
        async with engine.connect() as one, engine.connect() as two:
            await one.execute(text("SELECT 1"))
            await two.execute(text("SELECT 1"))
            with pytest.raises(PoolTimeoutError):
                await engine.connect()
    finally:
        await engine.dispose()


async def test_postgresql_gives_up_in_time(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no such time-outs.")
    async with engine.connect() as connection:
        for name, limit in (("statement_timeout", "10s"), ("lock_timeout", "5s")):
            assert await connection.scalar(text(f"SHOW {name}")) == limit
    await engine.dispose()
