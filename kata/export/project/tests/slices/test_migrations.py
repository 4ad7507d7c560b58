"""Revisions: tables that change, with rows in them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from waybill.app import OldTablesError, create_app
from waybill.migrate import alone, configured, migrate
from waybill.settings import Settings
from waybill.tables import Base

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROWS: dict[str, list[dict[str, Any]]] = {
    "accounts": [{"id": 3, "email": "lena@example.com", "role": "SENDER"}],
    "parcels": [
        {"id": 7, "tracking_code": "WB7", "owner_id": 3, "to": {}, "weight_g": 750}
    ],
    "scans": [
        {"id": 1, "parcel_id": 7, "depot": "BER", "kind": "ARRIVED"},
        {"id": 4, "parcel_id": 7, "depot": "HAM", "kind": "DEPARTED", "weight_g": 8},
    ],
    "changes": [{"parcel_id": 7, "number": 1, "account_id": 3}],
}
MORE: dict[str, dict[str, Any]] = {
    "accounts": {"active": True},
    "parcels": {"value": 1990, "created_at": AT},
    "scans": {"weight_g": None},
    "changes": {"at": AT},
}


def fill(connection: Connection) -> None:
    """Store rows as a Waybill of the first revision did, which kept no revisions."""
    found = MetaData()
    found.reflect(connection)
    for name, rows in ROWS.items():
        for number, row in enumerate(rows):
            at = {"at": AT + timedelta(days=number)} if name == "scans" else {}
            values = {**MORE[name], **row, **at}
            connection.execute(found.tables[name].insert().values(values))
    found.tables["alembic_version"].drop(connection)


def rows_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return all rows, without what later revisions have added."""
    found = MetaData()
    found.reflect(connection)
    content: dict[str, list[dict[str, Any]]] = {}
    for name in ROWS:
        table = found.tables[name]
        columns = [one for one in table.c if one.name != "received_at"]
        order = [*table.primary_key.columns]
        rows = connection.execute(table.select().order_by(*order)).mappings()
        content[name] = [{one.name: row[one] for one in columns} for row in rows]
    return content


# needs: migrations.open_database migrations.received_at
async def test_revisions_make_what_the_classes_say(
    settings: Settings, engine: AsyncEngine
) -> None:
    await migrate(settings.database_url)

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection)
        found: list[Any] = compare_metadata(context, Base.metadata)
        return found

    async with engine.connect() as connection:
        assert await connection.run_sync(compare) == []


async def test_rows_stay_on_the_way_up_and_down(
    settings: Settings, engine: AsyncEngine
) -> None:
    def down(connection: Connection) -> None:
        with alone(connection):
            command.downgrade(configured(connection), "r1")

    def columns(connection: Connection) -> set[str]:
        return {one["name"] for one in inspect(connection).get_columns("scans")}

    await migrate(settings.database_url, "r1")
    async with engine.begin() as connection:
        await connection.run_sync(fill)
    async with engine.connect() as connection:
        before = await connection.run_sync(rows_of)
    for _ in range(2):
        await migrate(settings.database_url)
        async with engine.connect() as connection:
            assert await connection.run_sync(rows_of) == before
            scans = Base.metadata.tables["scans"]
            query = scans.select().order_by(scans.c.id)
            for scan in await connection.execute(query):
                assert scan.received_at == scan.at
        async with engine.connect() as connection:
            await connection.run_sync(down)
            assert await connection.run_sync(rows_of) == before
            assert "received_at" not in await connection.run_sync(columns)


async def test_a_scan_is_received_now(settings: Settings, engine: AsyncEngine) -> None:
    await migrate(settings.database_url, "r1")
    async with engine.begin() as connection:
        await connection.run_sync(fill)
    await migrate(settings.database_url)
    scans = Base.metadata.tables["scans"]
    values = {"id": 99, "parcel_id": 7, "depot": "MUC", "kind": "ARRIVED", "at": AT}
    async with engine.begin() as connection:
        await connection.execute(scans.insert().values(values))
        query = scans.select().where(scans.c.depot == "MUC")
        (scan,) = await connection.execute(query)
    assert abs(scan.received_at - datetime.now(UTC)) < timedelta(minutes=5)


async def test_several_migrate_at_the_same_moment(
    settings: Settings, engine: AsyncEngine
) -> None:
    await asyncio.gather(*(migrate(settings.database_url) for _ in range(4)))
    async with engine.connect() as connection:
        query = "SELECT count(*) FROM alembic_version"
        assert (await connection.exec_driver_sql(query)).scalar_one() == 1


async def test_production_starts_on_the_newest_tables_only(
    settings: Settings, engine: AsyncEngine
) -> None:
    app = create_app(settings)
    app.state.settings = settings.model_copy(update={"environment": "production"})
    for target in ("", "r1"):
        if target:
            await migrate(settings.database_url, target)
        with pytest.raises(OldTablesError):
            async with app.router.lifespan_context(app):
                pass
    await migrate(settings.database_url)
    async with app.router.lifespan_context(app):
        assert app.state.sessions
