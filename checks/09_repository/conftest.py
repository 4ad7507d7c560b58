"""Fixtures that checks of this lesson share: accounts, parcels, and who is asking."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import Receive, Scope, Send

    from waybill.tables import Account, Change, Parcel, Scan

    Sessions = async_sessionmaker[AsyncSession]

Connect = Callable[..., httpx.AsyncClient]

ACCOUNTS = {
    "lena@example.com": (311, "sender"),
    "bob@example.com": (17, "sender"),
    "cem@example.com": (23, "courier"),
    "dora@example.com": (22, "dispatcher"),
}
TO = {"name": "Zoë Ng", "street": "Torstraße 12", "city": "Berlin"}
TO |= {"postcode": "10119", "country": "DE"}
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def refuses(sessions: "Sessions") -> Callable[[object], Awaitable[bool]]:
    """Return a function that tells whether the database refuses a row."""
    from sqlalchemy.exc import IntegrityError

    async def refuses(row: object) -> bool:
        try:
            async with sessions.begin() as session:
                session.add(row)
        except IntegrityError:
            return True
        return False

    return refuses


@pytest.fixture
def to() -> dict[str, str]:
    """Where a parcel goes."""
    return dict(TO)


@pytest.fixture
def ids() -> dict[str, int]:
    """The ids of the accounts, by e-mail."""
    return {email: id_ for email, (id_, _) in ACCOUNTS.items()}


@pytest.fixture
def keep(sessions: "Sessions") -> Callable[..., Awaitable[None]]:
    """Return a function that stores rows and commits them."""

    async def keep(*rows: object) -> None:
        async with sessions.begin() as session:
            for row in rows:
                session.add(row)
                await session.flush()

    return keep


@pytest.fixture
async def known(keep: Callable[..., Awaitable[None]]) -> "dict[str, Account]":
    """The accounts that Waybill knows, by e-mail; they are stored."""
    from waybill.tables import Account, Role

    accounts = {
        email: Account(id=id_, email=email, role=Role(role))
        for email, (id_, role) in ACCOUNTS.items()
    }
    await keep(*accounts.values())
    return accounts


@pytest.fixture
def parcel(ids: dict[str, int]) -> "Callable[..., Parcel]":
    """Return a function that makes somebody's parcel, which is not stored yet."""
    from waybill.tables import Parcel

    def make(
        number: int, owner: str = "lena@example.com", **columns: object
    ) -> "Parcel":
        usual = {"id": number, "tracking_code": f"WB{number}", "to": dict(TO)}
        usual |= {"weight_g": 750, "value": Decimal("19.90"), "created_at": START}
        return Parcel(owner_id=ids[owner], **(usual | columns))

    return make


@pytest.fixture
def change(ids: dict[str, int]) -> "Callable[..., Change]":
    """Return a function that makes a change of a parcel, which is not stored yet."""
    from waybill.tables import Change

    def make(parcel_id: int, number: int, by: str = "lena@example.com") -> "Change":
        at = START + timedelta(hours=number)
        return Change(parcel_id=parcel_id, number=number, account_id=ids[by], at=at)

    return make


@pytest.fixture
def scan() -> "Callable[..., Scan]":
    """Return a function that makes a scan of a parcel, which is not stored yet."""
    from waybill.schemas import ScanKind
    from waybill.tables import Scan

    def make(parcel_id: int, number: int = 1, depot: str = "BER") -> "Scan":
        at = START - timedelta(minutes=number)
        kind = [*ScanKind][number % 4]
        columns = {"parcel_id": parcel_id, "depot": depot, "kind": kind, "at": at}
        return Scan(id=number, **columns)

    return make


@pytest.fixture
def rows(engine: "AsyncEngine") -> Callable[..., list[Any]]:
    """Return a function that reads what another connection sees."""

    def rows(query: str, *values: object) -> list[Any]:
        with sqlite3.connect(str(engine.url.database)) as connection:
            found = connection.execute(query, values).fetchall()
        connection.close()
        return [row[0] if len(row) == 1 else row for row in found]

    return rows


@pytest.fixture
def before(engine: "AsyncEngine") -> Callable[..., list[str]]:
    """Return a function that lets somebody else write at a chosen moment, once.

    Right before the first statement with these words is sent, `others` come on a
    connection of their own. The list that is returned then holds what was sent.
    """
    from sqlalchemy import event

    def before(words: str, *others: str) -> list[str]:
        done: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def interfere(*details: Any) -> None:  # noqa: ANN401
            statement = " ".join(details[2].split())
            if words not in statement or done:
                return
            done.append(statement)
            with sqlite3.connect(str(engine.url.database), timeout=5) as connection:
                for other in others:
                    connection.execute(other)
            connection.close()

        return done

    return before


@pytest.fixture
def asking() -> dict[str, str]:
    """Who is asking, by e-mail; a check changes it."""
    return {"email": "lena@example.com"}


@pytest.fixture
def mount(
    sessions: "Sessions", known: "dict[str, Account]", asking: dict[str, str]
) -> Callable[[APIRouter], FastAPI]:
    """Return a function that mounts a router on a bare app, which knows who asks."""
    from waybill.database import Session
    from waybill.dependencies import current_account
    from waybill.tables import Account

    async def whoever_asks(session: Session) -> "Account":
        return await session.get_one(Account, known[asking["email"]].id)

    def mounted(router: APIRouter) -> FastAPI:
        app = FastAPI()
        app.include_router(router)
        app.state.sessions = sessions
        app.dependency_overrides = {current_account: whoever_asks}
        return app

    return mounted


@pytest.fixture
async def client(
    connect: Connect, app: FastAPI, crash: SimpleNamespace
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a file's `app` that reads a 500 where a server would send one."""

    async def noting(scope: "Scope", receive: "Receive", send: "Send") -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            crash.error = error
            raise

    async with connect(noting, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def crash() -> SimpleNamespace:
    """What made a 500 of the last answer; its `told()` names a slip that is common."""

    def told() -> str:
        if isinstance(getattr(crash.error, "body", None), HTTPException):
            return "An HTTPException was returned; write `raise` in front of it. "
        return ""  # what was raised is recorded, and shown below

    crash = SimpleNamespace(error=None, told=told)
    return crash


@pytest.fixture
def refused(crash: SimpleNamespace) -> Callable[[httpx.Response, int, str], None]:
    """Return a function that wants a refusal: a status, and a `detail` in words."""

    def refused(response: httpx.Response, status: int, what: str) -> None:
        assert response.status_code == status, (
            f"{what} was answered {response.status_code} instead of {status}. "
            f"{crash.told()}"
        )
        body = response.json()
        detail = body.get("detail") if isinstance(body, dict) else None
        assert isinstance(detail, str), (
            f"{what} was answered {status} with the body {response.text}. Like every "
            'refusal of Waybill\'s it should be {"detail": "…"}, as HTTPException '
            "makes it of a text."
        )

    return refused


@pytest.fixture
def access_lines() -> Callable[[FastAPI], Callable[[], list[str]]]:
    """Return what tells, for an app, who has passed `access_log` since it was asked.

    What `access_log` does with that is another kata's, and changes in lesson 22.
    """

    def access_lines(app: FastAPI) -> Callable[[], list[str]]:
        from waybill.api import access_log
        from waybill.dependencies import CurrentAccount

        passed: list[str] = []

        async def note(account: CurrentAccount) -> None:
            passed.append(account.email)

        app.dependency_overrides[access_log] = note
        return lambda: [passed.pop(0) for _ in [*passed]]

    return access_lines
