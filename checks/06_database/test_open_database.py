"""Checks of database.open_database: the whole app, with a database of its own."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing, suppress
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
Started = Callable[..., AbstractAsyncContextManager[FastAPI]]


def sessions_of(app: FastAPI) -> async_sessionmaker[AsyncSession]:
    """Return what makes sessions for an app, if it is there."""
    sessions = getattr(app.state, "sessions", None)
    assert sessions is not None, (
        "The app has started, and `app.state.sessions` is not there. Set it in "
        "open_database, before its yield; and is open_database in `resources`?"
    )
    assert isinstance(sessions, async_sessionmaker), (
        f"`app.state.sessions` is {sessions!r}. It makes sessions: an "
        f"async_sessionmaker."
    )
    return sessions


async def add(app: FastAPI, email: str) -> None:
    """Store an account."""
    from waybill.tables import Account

    try:
        async with sessions_of(app).begin() as session:
            session.add(Account(email=email))
    except OperationalError as error:
        raise AssertionError(
            f"An account could not be stored: {error.orig}. Missing tables are made "
            f"when the app starts, in a transaction that has ended by then."
        ) from None


async def kept(app: FastAPI) -> list[str]:
    """Return the addresses of the accounts that are stored."""
    from waybill.tables import Account

    async with sessions_of(app)() as session:
        return list(await session.scalars(select(Account.email).order_by(Account.id)))


# - A started app has `app.state.sessions`, an `async_sessionmaker` for its own
async def test_an_app_has_its_sessions(
    started: Started, connect: Connect, tmp_path: Path
) -> None:
    """A started app stores in its own database, and serves as before."""
    async with started("waybill.db") as app:
        await add(app, "lena@example.com")
        found = await kept(app)
        assert found == ["lena@example.com"], f"Lena was stored, and read was: {found}."
        assert (tmp_path / "waybill.db").exists(), (
            "The database is not where `app.state.settings.database_url` says."
        )
        async with connect(app) as client:
            assert (await client.get("/health")).status_code == 200, (
                "GET /health no longer answers 200."
            )


async def test_foreign_keys_are_enforced(started: Started) -> None:
    """The app's engine is one of `make_engine`: a parcel of nobody is refused."""
    from waybill.tables import Parcel

    parcel = Parcel(
        owner_id=404, tracking_code="WB1", to={}, weight_g=1, value=Decimal(1)
    )
    async with started("waybill.db") as app:
        try:
            async with sessions_of(app).begin() as session:
                session.add(parcel)
        except IntegrityError:
            return
    raise AssertionError(
        "A parcel of the account 404 was stored through the app. Make the engine with "
        "make_engine, which asks SQLite to look."
    )


# - Two apps at once have two databases.
@pytest.mark.parametrize("names", [("one.db", "two.db"), ("", "")])
async def test_two_apps_have_two_databases(
    started: Started, names: tuple[str, str]
) -> None:
    """Two apps at once have two databases."""
    async with started(names[0]) as one, started(names[1]) as two:
        await add(one, "lena@example.com")
        await add(two, "ada@example.com")
        found = (await kept(one), await kept(two))
    assert found == (["lena@example.com"], ["ada@example.com"]), (
        f"Lena was stored through one app and Ada through another, "
        f"{'each with a database_url of its own' if names[0] else 'both in memory'}. "
        f"They keep {found}. Make an engine at each start, with the URL of the app's "
        f"settings."
    )


# - Missing tables are created before the app serves, and what was stored stays.
async def test_a_restart_forgets_nothing(started: Started, tmp_path: Path) -> None:
    """Missing tables are created, and what was stored before a restart is there."""
    async with started("waybill.db") as app:
        with closing(sqlite3.connect(tmp_path / "waybill.db")) as elsewhere:
            rows = elsewhere.execute("SELECT name FROM sqlite_master").fetchall()
        assert {"accounts", "parcels", "scans"} <= {name for (name,) in rows}, (
            f"The app has started, and another program finds {rows} in its database."
        )
        await add(app, "lena@example.com")
    async with started("waybill.db") as app:
        await add(app, "ada@example.com")
        found = await kept(app)
    assert found == ["lena@example.com", "ada@example.com"], (
        f"Lena was stored, Waybill was restarted, Ada was stored. Read was: {found}. "
        f"Create what is missing, and drop nothing."
    )


async def test_one_app_may_start_twice(started: Started) -> None:
    """An app that is started again has a database that is open."""
    async with started() as app:
        await add(app, "lena@example.com")
    async with app.router.lifespan_context(app):
        await add(app, "ada@example.com")
        found = await kept(app)
    assert found == ["ada@example.com"], (
        f"An app in memory was stopped and started again, and kept {found}."
    )


# - While the app waits for requests, no connection is lent out.
async def test_no_connection_is_lent_out(
    started: Started, lent: SimpleNamespace
) -> None:
    """While the app waits for requests, no connection is lent out."""
    async with started("waybill.db") as app:
        sessions_of(app)
        out = lent.out
    assert out == 0, (
        f"The app has started, nobody has asked for anything, and {out} connection is "
        f"lent out, within its transaction. Is the `yield` inside of the block that "
        f"creates the tables? It belongs behind it."
    )


# - Workers that start at the same moment don't disturb each other,
@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
async def test_workers_start_at_the_same_moment(
    started: Started,
    before_a_table: list[Callable[[], None]],
    pretended: str,
    tmp_path: Path,
    database: str,
) -> None:
    """Workers that start at the same moment don't disturb each other."""
    from waybill.tables import Base

    def be_faster() -> None:
        # Another worker, which creates what is missing, unless it has to wait.
        url, options = f"sqlite:///{tmp_path / 'waybill.db'}", {"timeout": 0}
        rival = create_engine(url, connect_args=options)
        with suppress(OperationalError):
            Base.metadata.create_all(rival)
        rival.dispose()

    driver = pretended
    if database == "SQLite":
        driver = "sqlite+aiosqlite"
        before_a_table.append(be_faster)
    try:
        async with started("waybill.db", driver) as app:
            sessions_of(app)
    except DatabaseError as error:
        raise AssertionError(
            f"Two workers started at the same moment on {database}, and one of them "
            f"failed: {error.orig}. `create_tables` lets them take turns: hand it to "
            f"run_sync."
        ) from None


# - A row can still be read after its commit (`expire_on_commit=False`).
async def test_rows_stay_readable(started: Started) -> None:
    """A row can still be read after its commit."""
    from waybill.tables import Account

    async with started("waybill.db") as app:
        async with sessions_of(app).begin() as session:
            account = Account(email="lena@example.com")
            session.add(account)
        try:
            email = account.email
        except SQLAlchemyError as error:
            raise AssertionError(
                f"After the commit, account.email ended in {type(error).__name__}: the "
                f"session has forgotten the row. An async_sessionmaker can be told not "
                f"to expire it."
            ) from None
    assert email == "lena@example.com", f"After the commit, its address is {email!r}."


# - At the end every connection is closed, even after an error, or if the app
@pytest.mark.parametrize(
    ("ended", "error"),
    [
        ("stopped", None),
        ("ended with an error", ConnectionAbortedError),
        ("was cancelled", asyncio.CancelledError),
    ],
)
async def test_every_connection_is_closed(
    started: Started,
    lent: SimpleNamespace,
    ended: str,
    error: type[BaseException] | None,
) -> None:
    """At the end every connection is closed, even after an error or a cancellation."""
    with suppress(ConnectionAbortedError, asyncio.CancelledError):
        async with started("waybill.db") as app:
            await add(app, "lena@example.com")
            if error:
                raise error("The power is cut.")
    number = await lent.still_open()
    assert number == 0, (
        f"The app {ended}, and {number} of its connections is still open. Dispose of "
        f"the engine after the yield, in a place that is reached in any case: "
        f"`await engine.dispose()`. Without `await` that does nothing."
    )


# - A start that fails lets its error through, and closes every connection.
@pytest.mark.parametrize(
    "error",
    [
        OperationalError("CREATE TABLE …", {}, sqlite3.OperationalError("disk full")),
        OSError("database or disk is full"),
    ],
    ids=["OperationalError", "OSError"],
)
async def test_a_failed_start_leaves_nothing_open(
    started: Started,
    lent: SimpleNamespace,
    before_a_table: list[Callable[[], None]],
    error: Exception,
) -> None:
    """A start that fails lets its error through, and closes every connection."""
    raised = False

    def fill_the_disk() -> None:
        raise error

    before_a_table.append(fill_the_disk)
    try:
        async with started("waybill.db"):
            pass
    except type(error):
        raised = True
    assert raised, (
        "The disk was full, no table could be created, and the app started all the "
        "same. Let the exception through: a server without tables should not serve."
    )
    number = await lent.still_open()
    assert number == 0, (
        f"The disk was full, so the app could not start, and {number} connection is "
        f"still open. From where on does your `finally` count? Creating the tables may "
        f"fail, too."
    )
