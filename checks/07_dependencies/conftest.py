"""Fixtures that checks of this lesson share: accounts, parcels, and who is asking."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Receive, Scope, Send

    from waybill.tables import Account, Parcel

Connect = Callable[..., httpx.AsyncClient]

ACCOUNTS = {
    "lena@example.com": (311, "sender"),
    "bob@example.com": (17, "sender"),
    "cem@example.com": (23, "courier"),
    "dora@example.com": (22, "dispatcher"),
    "demo@waybill.example": (1094, "sender"),
}


@pytest.fixture
async def known(sessions: "async_sessionmaker[AsyncSession]") -> dict[str, int]:
    """The ids of the accounts that Waybill knows, by e-mail."""
    from waybill.tables import Account, Role

    async with sessions.begin() as session:
        for email, (id_, role) in ACCOUNTS.items():
            session.add(Account(id=id_, email=email, role=Role(role)))
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


@pytest.fixture
def mount(
    sessions: "async_sessionmaker[AsyncSession]",
    known: dict[str, int],
    asking: dict[str, str],
    asked: list[str],
) -> Callable[[APIRouter], FastAPI]:
    """Return a function that mounts a router on a bare app, which knows who asks."""
    from waybill.database import Session
    from waybill.dependencies import current_account
    from waybill.tables import Account

    async def whoever_asks(session: Session) -> "Account":
        asked.append(asking["email"])
        return await session.get_one(Account, known[asking["email"]])

    def mounted(router: APIRouter) -> FastAPI:
        app = FastAPI()
        app.state.sessions = sessions
        app.include_router(router)
        app.dependency_overrides[current_account] = whoever_asks
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
                with sqlite3.connect(str(engine.url.database), timeout=0) as connection:
                    connection.execute(faster[0], () if another else values)
                connection.close()

        return faster

    return with_statement
