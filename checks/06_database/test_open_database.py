"""Checks of database.open_database: the whole app, with a database of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]
Started = Callable[[str], AbstractAsyncContextManager[FastAPI]]


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """Return a function that starts a Waybill on a database file of that name."""
    from waybill.app import create_app
    from waybill.settings import Settings

    # A database that is opened by mistake lands here, and so does no `.env` count.
    monkeypatch.chdir(tmp_path)

    @asynccontextmanager
    async def start(name: str) -> AsyncIterator[FastAPI]:
        url = f"sqlite+aiosqlite:///{tmp_path / name}"
        app = create_app(Settings(database_url=url, environment="development"))
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(app.router.lifespan_context(app))
            except TypeError as error:
                raise AssertionError(
                    f"The app could not start: {error}. What stands in `resources` is "
                    f"called with the app, and gives an async context manager. Is "
                    f"@asynccontextmanager there?"
                ) from None
            yield app

    return start


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
            f"when the app starts."
        ) from None


async def kept(app: FastAPI) -> list[str]:
    """Return the addresses of the accounts that are stored."""
    from waybill.tables import Account

    async with sessions_of(app)() as session:
        return list(await session.scalars(select(Account.email).order_by(Account.id)))


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


async def test_two_apps_have_two_databases(started: Started) -> None:
    """Two apps at once have two databases."""
    async with started("one.db") as one, started("two.db") as two:
        await add(one, "lena@example.com")
        await add(two, "ada@example.com")
        found = (await kept(one), await kept(two))
    assert found == (["lena@example.com"], ["ada@example.com"]), (
        f"Lena was stored through one app and Ada through another, each with its own "
        f"database_url. They keep {found}. Take the URL from the app's settings."
    )


async def test_a_restart_forgets_nothing(started: Started) -> None:
    """What was stored before a restart is there after it."""
    async with started("waybill.db") as app:
        await add(app, "lena@example.com")
    async with started("waybill.db") as app:
        await add(app, "ada@example.com")
        found = await kept(app)
    assert found == ["lena@example.com", "ada@example.com"], (
        f"Lena was stored, Waybill was restarted, Ada was stored. Read was: {found}. "
        f"Create what is missing, and drop nothing."
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


@pytest.mark.parametrize("fails", [False, True], ids=["a stop", "an error"])
async def test_the_engine_is_disposed_of(started: Started, fails: bool) -> None:
    """The engine is disposed of at the end, after an error too."""
    disposed: list[object] = []
    try:
        async with started("waybill.db") as app:
            await add(app, "lena@example.com")
            async with sessions_of(app)() as session:
                engine = session.get_bind().engine
            event.listen(engine, "engine_disposed", disposed.append)
            if fails:
                raise ConnectionAbortedError("The power is cut.")
    except ConnectionAbortedError:
        pass
    ended = "ended with an error" if fails else "stopped"
    assert disposed, (
        f"The app {ended}, and its engine was not disposed of: its connections stay "
        f"open. Dispose of it after the yield, in a place that is reached in any case."
    )


async def test_a_failed_start_leaves_nothing_open(
    started: Started, tmp_path: Path
) -> None:
    """The engine is disposed of after a start that failed, too."""
    (tmp_path / "broken.db").write_text("This is no database. " * 99)
    disposed: list[str | None] = []

    def note(engine: Engine) -> None:
        disposed.append(engine.url.database)

    event.listen(Engine, "engine_disposed", note)
    try:
        async with started("broken.db"):
            pass
    except DatabaseError:
        pass
    finally:
        event.remove(Engine, "engine_disposed", note)
    assert str(tmp_path / "broken.db") in disposed, (
        "The database was damaged, so the app could not start, and the engine that had "
        "connected was not disposed of. From where on does your `finally` count? "
        "Making the tables may fail, too."
    )
