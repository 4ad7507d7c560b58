"""Checks of database.make_engine: connections that enforce foreign keys."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Make = Callable[..., AsyncEngine]


class PretendedPostgreSQL(SQLiteDialect_aiosqlite):
    """Goes by the name of PostgreSQL, and tells whether it was sent the PRAGMA."""

    name = "postgresql"
    driver = "pretended"
    supports_statement_cache = True


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    """Return a function that makes engines with `make_engine`, disposed of later."""
    from waybill.database import make_engine

    registry.register("postgresql.pretended", __name__, "PretendedPostgreSQL")
    registry.impls["postgresql.pretended"] = lambda: PretendedPostgreSQL
    async with AsyncExitStack() as stack:

        def made(name: str, driver: str = "sqlite+aiosqlite") -> AsyncEngine:
            try:
                engine = make_engine(f"{driver}:///{tmp_path / name}")
            except NotImplementedError as error:
                raise AssertionError(
                    f"make_engine said: {error} Its `sync_engine` is what events are "
                    f"told to."
                ) from None
            assert isinstance(engine, AsyncEngine), (
                f"make_engine returned {engine!r}. Return what create_async_engine "
                f"made."
            )
            stack.push_async_callback(engine.dispose)
            return engine

        yield made
    del registry.impls["postgresql.pretended"]


async def is_on(connection: AsyncConnection) -> bool:
    """Tell whether a connection enforces foreign keys."""
    return bool(await connection.scalar(text("PRAGMA foreign_keys")))


async def test_nothing_is_opened_yet(make: Make, tmp_path: Path) -> None:
    """Making an engine opens nothing; the first use connects."""
    engine = make("later.db")
    assert not (tmp_path / "later.db").exists(), (
        "make_engine has opened the database file already. Leave that to the first "
        "use: an engine can be made while its database is still starting."
    )
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    assert (tmp_path / "later.db").exists(), (
        "The engine was used, and its file is not there. Hand the url on to "
        "create_async_engine."
    )


async def test_a_parcel_of_nobody_is_refused(make: Make) -> None:
    """A parcel whose owner does not exist is refused by SQLite."""
    from waybill.tables import Base, Parcel

    engine = make("waybill.db")
    values = {"owner_id": 404, "tracking_code": "WB1", "to": {}, "weight_g": 1}
    query = Parcel.__table__.insert().values(value=Decimal(1), **values)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    try:
        async with engine.begin() as connection:
            await connection.execute(query)
    except IntegrityError:
        return
    raise AssertionError(
        "A parcel of the account 404 was stored, and there is no such account. SQLite "
        "has read the foreign key and does not enforce it: each connection has to be "
        "asked, when it is made."
    )


async def test_every_connection_is_asked(make: Make) -> None:
    """Every connection enforces foreign keys, not only the first."""
    engine = make("waybill.db")
    async with AsyncExitStack() as stack:
        asked = [
            await is_on(await stack.enter_async_context(engine.connect()))
            for _ in range(3)
        ]
    assert asked == [True, True, True], (
        f"Of three connections at once, {asked.count(True)} enforced foreign keys. "
        f"The pool opens more when it needs them: listen for each one."
    )
    async with engine.connect() as connection:
        assert await is_on(connection), (
            "A connection that came back from the pool no longer enforces foreign keys."
        )


async def test_it_holds_after_a_rollback(make: Make) -> None:
    """A connection keeps enforcing them after a rollback."""
    engine = make("waybill.db")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE notes (id INTEGER)"))
        await connection.rollback()
        assert await is_on(connection), (
            "After a rollback the connection no longer enforces foreign keys. Ask when "
            "the connection is made, outside of any transaction."
        )


async def test_other_engines_stay_as_they_are(make: Make, tmp_path: Path) -> None:
    """`make_engine` makes one engine, and changes no other."""
    async with make("waybill.db").connect() as connection:
        await is_on(connection)
    other = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    try:
        async with other.connect() as connection:
            assert not await is_on(connection), (
                "An engine that make_engine did not make was changed too. A listener "
                "on the class Engine hears every engine: listen on the one you made."
            )
    finally:
        await other.dispose()


async def test_other_databases_are_not_asked(make: Make) -> None:
    """A database that is not SQLite is not sent the PRAGMA."""
    engine = make("elsewhere.db", driver="postgresql+pretended")
    async with engine.connect() as connection:
        assert not await is_on(connection), (
            "An engine with a postgresql URL was sent `PRAGMA foreign_keys = ON`. "
            "PostgreSQL answers that with a syntax error. Ask the engine for its "
            "dialect, and listen only if it is SQLite's."
        )
