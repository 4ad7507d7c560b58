"""Fixtures that checks of this lesson share: accounts, parcels, and who is asking."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.exceptions import FastAPIError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Receive, Scope, Send

    from waybill.tables import Account, Parcel

Connect = Callable[..., httpx.AsyncClient]
Lines = Callable[[], list[logging.LogRecord]]
Fill = Callable[[str, Callable[[], Iterable[object]]], Awaitable[None]]

ACCOUNTS = {
    "lena@example.com": (311, "sender"),
    "bob@example.com": (17, "sender"),
    "cem@example.com": (23, "courier"),
    "dora@example.com": (22, "dispatcher"),
    "demo@waybill.example": (1094, "sender"),
}


@pytest.fixture(scope="session")
def copies() -> Iterator[dict[str, sqlite3.Connection]]:
    """Databases as they were when somebody had filled them, by a name."""
    kept: dict[str, sqlite3.Connection] = {}
    yield kept
    for copy in kept.values():
        copy.close()


@pytest.fixture
def fill(
    engine: "AsyncEngine",
    sessions: "async_sessionmaker[AsyncSession]",
    copies: dict[str, sqlite3.Connection],
) -> Fill:
    """Return a function that adds rows, made once and from then on copied."""

    async def filled(name: str, make: Callable[[], Iterable[object]]) -> None:
        if name not in copies:
            async with sessions.begin() as session:
                session.add_all(make())
        with closing(sqlite3.connect(str(engine.url.database))) as database:
            if name in copies:
                copies[name].backup(database)
            else:
                copies[name] = sqlite3.connect(":memory:")
                database.backup(copies[name])

    return filled


@pytest.fixture
async def known(fill: Fill) -> dict[str, int]:
    """The ids of the accounts that Waybill knows, by e-mail."""

    def accounts() -> "Iterator[Account]":
        from waybill.tables import Account, Role

        for email, (id_, role) in ACCOUNTS.items():
            active = email != "bob@example.com"  # of which no route asks yet
            yield Account(id=id_, email=email, role=Role(role), active=active)

    await fill("accounts", accounts)
    return {email: id_ for email, (id_, _) in ACCOUNTS.items()}


@pytest.fixture
def body() -> dict[str, Any]:
    """What a sender hands in."""
    to = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
    to |= {"postcode": "10119", "country": "DE"}
    return {"to": to, "weight_g": 750, "value": "19.90"}


@pytest.fixture
def parcel(known: dict[str, int], body: dict[str, Any]) -> Callable[..., "Parcel"]:
    """Return a function that makes somebody's parcel, which is not stored yet."""
    from waybill.tables import Parcel

    def make(number: int, owner: str, **columns: object) -> "Parcel":
        usual = {"id": number, "tracking_code": f"WB{number}", "to": body["to"]}
        usual |= {"weight_g": 750, "value": Decimal("19.90")}
        usual |= {"created_at": datetime(2026, 3, 2, tzinfo=UTC)}
        return Parcel(owner_id=known[owner], **(usual | columns))

    return make


@pytest.fixture
def asking() -> dict[str, str]:
    """Who is asking, by e-mail; a check changes it."""
    return {"email": "lena@example.com"}


@pytest.fixture
def asked() -> list[str]:
    """Notes who is asking, whenever an app wants to know."""
    return []


@pytest.fixture(scope="session")
def apps() -> dict[int, FastAPI]:
    """Apps to which no check adds a route, by their router: built once, for all."""
    return {}


@pytest.fixture
def mount(
    sessions: "async_sessionmaker[AsyncSession]",
    known: dict[str, int],
    asking: dict[str, str],
    asked: list[str],
    apps: dict[int, FastAPI],
) -> Callable[..., FastAPI]:
    """Return a function that mounts a router on a bare app, which knows who asks.

    A check that adds routes to it says `shared=False`.
    """
    from waybill.database import Session
    from waybill.dependencies import current_account
    from waybill.tables import Account

    async def whoever_asks(session: Session) -> "Account":
        asked.append(asking["email"])
        return await session.get_one(Account, known[asking["email"]])

    def mounted(router: APIRouter, *, shared: bool = True) -> FastAPI:
        app = apps.get(id(router)) if shared else None
        if app is None:
            app = FastAPI()
            app.include_router(router)
        if shared:
            apps[id(router)] = app
        app.state.sessions = sessions
        app.dependency_overrides = {current_account: whoever_asks}
        return app

    return mounted


@pytest.fixture
def parting(sessions: "async_sessionmaker[AsyncSession]") -> None:
    """Let sessions part with their rows when they roll back: none connects it again.

    Whoever reads an account after that gets a DetachedInstanceError at once.
    """
    from sqlalchemy import event
    from sqlalchemy.orm import Session, SessionTransaction

    class Lent(Session):
        """A class of its own: no other session is listened to."""

    @event.listens_for(Lent, "after_soft_rollback")
    def part(session: Session, ended: SessionTransaction) -> None:
        if not ended.nested:
            session.expunge_all()

    sessions.configure(sync_session_class=Lent)


@pytest.fixture
def savepoints(engine: "AsyncEngine") -> list[str]:
    """The savepoints that were set, which now go with the transaction around them.

    SQLite's driver sets a savepoint without a transaction around it, and so keeps what
    another database would roll back. Here it gets its transaction.
    """
    from sqlalchemy import Connection, event

    names: list[str] = []

    @event.listens_for(engine.sync_engine, "savepoint")
    def begin(connection: Connection, name: str) -> None:
        names.append(name)
        if len(names) == 1:
            connection.exec_driver_sql("BEGIN")

    return names


@pytest.fixture
def raised() -> list[Exception]:
    """The exceptions that left the app, where a server would answer 500."""
    return []


@pytest.fixture
def crash(raised: list[Exception]) -> Callable[[], str]:
    """Return a function that says which exception made a 500 of the last answer."""

    def told() -> str:
        from sqlalchemy.orm.exc import DetachedInstanceError

        if not raised:
            return ""
        error = raised[-1]
        if isinstance(getattr(error, "body", None), HTTPException):
            return (
                "An HTTPException was returned, so FastAPI took it for the answer. "
                "Write `raise` in front of it: then it ends the request."
            )
        if isinstance(error, FastAPIError):
            return (
                "An exception that arrives at a `yield` and isn't raised again leaves "
                "FastAPI without an answer: it becomes a 500, whatever it was."
            )
        if isinstance(error, DetachedInstanceError):
            return (
                "A rolled-back session forgets its rows. Take what you need of the "
                "account before the `yield`."
            )
        text = str(error).partition("\n")[0]
        return f"Your code raised {type(error).__name__}: {text}"

    return told


@pytest.fixture
async def client(
    connect: Connect, app: FastAPI, raised: list[Exception]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a file's `app` that reads a 500 where a server would send one."""

    async def noting(scope: "Scope", receive: "Receive", send: "Send") -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            raised.append(error)
            raise

    async with connect(noting, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def be_faster(engine: "AsyncEngine") -> Callable[..., list[str]]:
    """Return a function that lets somebody else be faster with a statement, once.

    Right before the first one with these words is sent, the same (or `another`) comes
    on a connection of its own. The list that is returned then holds it.
    """
    from sqlalchemy import event

    def with_statement(words: str, another: str = "") -> list[str]:
        faster: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def send_it_first(*details: Any) -> None:  # noqa: ANN401
            statement, values = details[2:4]
            if words in statement and not faster:
                faster.append(another or statement)
                with sqlite3.connect(str(engine.url.database), timeout=5) as connection:
                    connection.execute(faster[0], () if another else values)
                connection.close()

        return faster

    return with_statement


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Return a function that tells the lines of the access log so far."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="waybill.access")
    return lambda: [one for one in caplog.records if one.name == "waybill.access"]


@pytest.fixture
def only(lines: Lines) -> Callable[..., str]:
    """Return a function that wants one line, of a level; it returns what that says."""

    def only(level: str, what: str, none: str, other: str = "", since: int = 0) -> str:
        new = lines()[since:]
        try:
            said = [f"{line.levelname} {line.getMessage()}" for line in new]
        except (TypeError, ValueError) as error:
            raise AssertionError(f"{what}: {error}. Pass texts as arguments.") from None
        assert new, f"{what}, and the log `waybill.access` has no line of it. {none}"
        assert len(new) == 1, f"{what}, and left more lines than one: {said}"
        if new[0].levelname != "INFO":
            other = f"The level should be {level}."
        assert new[0].levelname == level, f"{what}, and the log says {said[0]}. {other}"
        return new[0].getMessage()

    return only
