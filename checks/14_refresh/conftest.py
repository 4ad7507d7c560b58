"""Fixtures of this lesson: families, people, a rival, and cheap hashing."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Connect = Callable[..., httpx.AsyncClient]

KEY = SecretStr("the key of this app alone, which no other app was given")
LENA, BOB, CLOSED = 311, 17, 1094
PASSWORDS = {
    "lena@example.com": "correct horse battery",
    "bob@example.com": "a word that is Bob's",
    "closed@example.com": "closed, but it was right",
}
TOKEN = re.compile(r"(?:eyJ[\w.-]{40,}|[\w-]{12,}\.[\w-]{12,})")


TWO_WRITERS = (
    "One request used two sessions, and the second was to write ({what}) before the "
    "first had committed what it wrote. SQLite lets one connection write at a time, so "
    "the second would wait for the first, and the first for the second. Let one end "
    "before the other begins."
)


@pytest.fixture
def engine(engine: "AsyncEngine") -> "AsyncEngine":
    """The engine of all checks; a request that waits for itself fails at once."""
    from sqlalchemy import Connection, event

    writing: dict[object, Connection] = {}

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            first = writing.setdefault(asyncio.current_task(), connection)
            assert first is connection, TWO_WRITERS.format(
                what=" ".join(sql.split()[:3])
            )

    def forget(connection: Connection) -> None:
        for task in [one for one, by in writing.items() if by is connection]:
            del writing[task]

    for name in ("commit", "rollback"):
        event.listen(engine.sync_engine, name, forget)
    return engine


class Row(NamedTuple):
    """What the database holds of a family."""

    id: str
    account_id: int
    digest: str
    expires_at: datetime


def digest_of(text: str) -> str:
    """Return what is stored of a text."""
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def people(sessions: "async_sessionmaker[AsyncSession]") -> Callable[..., Any]:
    """Return a function that stores Lena, Bob and a closed account; with passwords."""

    async def store() -> None:
        from waybill.tables import Account, Credential

        numbers = (LENA, BOB, CLOSED)
        async with sessions.begin() as session:
            for number, (email, word) in zip(numbers, PASSWORDS.items(), strict=True):
                active = number != CLOSED
                session.add(Account(id=number, email=email, active=active))
                await session.flush()
                session.add(Credential(account_id=number, hash=f"hash of {word}"))

    return store


@pytest.fixture
async def known(people: Callable[[], Awaitable[None]]) -> None:
    """Those three are stored."""
    await people()


@pytest.fixture
def keep(sessions: "async_sessionmaker[AsyncSession]") -> Callable[..., Any]:
    """Return a function that stores a family and returns its token."""

    async def keep(
        name: str = "the-name-of-a-family",
        secret: str = "a-secret-that-nobody-guesses",  # noqa: S107 - nobody's
        account_id: int = LENA,
        expires_at: datetime | None = None,
    ) -> str:
        from waybill.tables import Family

        async with sessions.begin() as session:
            session.add(
                Family(
                    id=digest_of(name),
                    account_id=account_id,
                    digest=digest_of(secret),
                    expires_at=expires_at or datetime.now(UTC) + timedelta(days=20),
                )
            )
        return f"{name}.{secret}"

    return keep


@pytest.fixture
def families(
    sessions: "async_sessionmaker[AsyncSession]",
) -> Callable[[], Awaitable[dict[str, Row]]]:
    """Return a function that reads all families, as others see them, by id."""

    async def read() -> dict[str, Row]:
        from sqlalchemy import select

        from waybill.tables import Family

        columns = Family.id, Family.account_id, Family.digest, Family.expires_at
        async with sessions() as session:
            found = await session.execute(select(*columns))
            return {row.id: Row(*row) for row in found}

    return read


@pytest.fixture
def rival(engine: "AsyncEngine") -> Callable[[str, str], list[str]]:
    """Return a function: another process sends a statement, before a certain one.

    That is the first whose beginning is as given, of those that this process sends.
    """
    from sqlalchemy import event

    def be_faster(statement: str, before: str) -> list[str]:
        done: list[str] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def strike(*details: object) -> None:
            if done or not str(details[2]).lstrip().upper().startswith(before):
                return
            done.append(str(details[2]))
            other = sqlite3.connect(str(engine.url.database), timeout=1)
            try:
                with other:
                    other.execute(statement)
            except sqlite3.OperationalError:
                done.append("locked")  # this process writes already: nobody else can
            finally:
                other.close()

        return done

    return be_faster


class CheapPasswords:
    """Stands in for Argon2; notes its work, and connections lent out meanwhile."""

    def __init__(self, engine: "AsyncEngine") -> None:
        self.engine = engine
        self.work: list[str] = []
        self.lent: list[int] = []
        self.meanwhile: list[Callable[[], Awaitable[None]]] = []

    async def note(self, what: str) -> None:
        """Note a piece of work."""
        self.work.append(what)
        pool: Any = self.engine.sync_engine.pool
        self.lent.append(pool.checkedout())
        if self.meanwhile:
            await self.meanwhile.pop(0)()

    async def hash(self, password: SecretStr) -> str:
        """Return what verify compares with."""
        await self.note("hash")
        return f"hash of {password.get_secret_value()}"

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash for an old one."""
        await self.note("verify")
        new = f"hash of {password.get_secret_value()}"
        return hashed in {new, f"old {new}"}, None if hashed == new else new


@pytest.fixture
def passwords(engine: "AsyncEngine") -> CheapPasswords:
    """What to put in the place of `app_passwords`."""
    return CheapPasswords(engine)


@pytest.fixture
def app(
    sessions: "async_sessionmaker[AsyncSession]",
    passwords: CheapPasswords,
    known: None,  # noqa: ARG001  # used for what it does
) -> FastAPI:
    """An app with the routes of auth.py, on a database with those three people."""
    from waybill.auth import router
    from waybill.passwords import app_passwords

    app = FastAPI()
    app.state.sessions = sessions
    app.state.settings = SimpleNamespace(secret_key=KEY)
    app.dependency_overrides[app_passwords] = lambda: passwords
    app.include_router(router)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that app, to which a crash is a 500; verdicts show no tokens."""

    async def hide(request: httpx.Request) -> None:
        shown = request.extensions["exchange"]
        for part in ("request", "sent"):
            shown[part] = TOKEN.sub("(a token)", shown[part])

    async def hide_answer(response: httpx.Response) -> None:
        shown = response.request.extensions["exchange"]
        shown["received"] = TOKEN.sub("(a token)", shown["received"])

    async with connect(app, raise_app_exceptions=False) as client:
        client.event_hooks["request"].append(hide)
        client.event_hooks["response"].append(hide_answer)
        yield client


@pytest.fixture
def bearer() -> Callable[[int], dict[str, str]]:
    """Return a function that makes the headers of somebody with an access token."""

    def bearer(account_id: int) -> dict[str, str]:
        from waybill.tokens import issue_token

        token = issue_token(account_id, KEY, datetime.now(UTC))
        return {"Authorization": f"Bearer {token}"}

    return bearer


@pytest.fixture
def count(
    sessions: "async_sessionmaker[AsyncSession]",
) -> Callable[[], Awaitable[int]]:
    """Return a function that counts the tries that are kept."""

    async def count() -> int:
        from sqlalchemy import func, select

        from waybill.tables import Try

        async with sessions() as session:
            return await session.scalar(select(func.count(Try.id))) or 0

    return count


@pytest.fixture
def remember(
    sessions: "async_sessionmaker[AsyncSession]",
) -> Callable[..., Awaitable[None]]:
    """Return a function that keeps tries of long ago."""

    async def remember(email: str, *ages: timedelta) -> None:
        from waybill.accounts import key_of
        from waybill.tables import Try

        now = datetime.now(UTC)
        async with sessions.begin() as session:
            session.add_all([Try(key=key_of(email), at=now - age) for age in ages])

    return remember
