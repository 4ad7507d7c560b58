"""Checks of database.get_session: a transaction that ends before the answer."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, closing
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.pool import QueuePool
from starlette.types import Message, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
Sessions = async_sessionmaker[AsyncSession]
Patiently = Callable[[], AbstractContextManager[Any]]

pytestmark = pytest.mark.usefixtures("begins")


@pytest.fixture
def lent() -> list[AsyncSession]:
    """The sessions that endpoints were lent, in order."""
    return []


@pytest.fixture(scope="module")
def bare_app() -> FastAPI:
    """An app whose endpoints write, each in its own way; it is made once."""
    from waybill.database import Session
    from waybill.tables import Account

    app = FastAPI()
    pair = asyncio.Barrier(2)

    @app.post("/accounts/{email}", status_code=201)
    async def add(email: str, session: Session) -> None:
        app.state.lent.append(session)
        session.add(Account(email=email))
        await session.flush()

    @app.post("/promises/{account_id}", status_code=201)
    async def promise(account_id: int, session: Session) -> None:
        app.state.lent.append(session)
        await session.execute(
            text("INSERT INTO promises VALUES (:id)"), {"id": account_id}
        )

    @app.post("/refused/{email}", status_code=201)
    async def refuse(email: str, session: Session) -> None:
        await add(email, session)
        raise HTTPException(409, "Not today.")

    @app.post("/crashed/{email}", status_code=201)
    async def crash(email: str, session: Session) -> None:
        await add(email, session)
        raise RuntimeError("The depot is on fire.")

    @app.post("/cancelled/{email}", status_code=201)
    async def be_cancelled(email: str, session: Session) -> None:
        await add(email, session)
        raise asyncio.CancelledError

    @app.get("/waiting")
    async def wait(session: Session) -> None:
        app.state.lent.append(session)
        # Both requests of a pair are here before one of them goes on.
        await pair.wait()

    async def same(session: Session) -> AsyncSession:
        return session

    @app.get("/parts")
    async def parts(
        session: Session, part: Annotated[AsyncSession, Depends(same)]
    ) -> bool:
        return session is part

    return app


@pytest.fixture
def app(
    bare_app: FastAPI,
    engine: AsyncEngine,
    sessions: Sessions,
    lent: list[AsyncSession],
    connection_class: type[sqlite3.Connection],
) -> FastAPI:
    """That app, with a database of this check."""
    bare_app.state.sessions = sessions
    bare_app.state.lent = lent
    # SQLite looks at this foreign key at COMMIT, and not before.
    with closing(connection_class(str(engine.url.database))) as connection:
        connection.execute(
            "CREATE TABLE promises (account_id INTEGER REFERENCES accounts (id)"
            " DEFERRABLE INITIALLY DEFERRED)"
        )
    return bare_app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is answered 500, as by a server, if the app fails."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


def kept(engine: AsyncEngine) -> list[str]:
    """Return the addresses of the accounts in the file, as another program sees it."""
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        rows = connection.execute("SELECT email FROM accounts ORDER BY email")
        return [email for (email,) in rows]


def lent_out(engine: AsyncEngine) -> int:
    """Return how many connections are not back in the pool."""
    pool: Any = engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


# - Each request has its own session,
async def test_each_app_has_its_own_database(
    client: httpx.AsyncClient,
    app: FastAPI,
    sessions: Sessions,
    lent: list[AsyncSession],
) -> None:
    """Each session comes from the `sessions` of the app that was asked."""

    class Noted(AsyncSession):
        """Tells whose session it is."""

    await client.post("/accounts/lena@example.com")
    bind = sessions.kw["bind"]
    app.state.sessions = async_sessionmaker(bind, class_=Noted, expire_on_commit=False)
    await client.post("/accounts/ada@example.com")
    assert all(isinstance(one, AsyncSession) for one in lent), (
        f"A route should get an AsyncSession; yours gives it {type(lent[0]).__name__}. "
        "Write `async with sessions.begin() as session`, with one pair of parentheses."
    )
    assert [type(session) for session in lent] == [AsyncSession, Noted], (
        "The app was given another `state.sessions` after its first request, and the "
        "session of the second was not made by it. Ask `AppSessions` at each request."
    )


async def test_each_request_has_its_own(
    client: httpx.AsyncClient, lent: list[AsyncSession], patiently: Patiently
) -> None:
    """Two requests at once have two sessions."""
    answers: list[httpx.Response] = []
    with patiently():
        answers += await asyncio.gather(client.get("/waiting"), client.get("/waiting"))
    assert answers, (
        "Two requests at once: one never reached its endpoint, as if it waited for "
        "the other's session. Make one for each request."
    )
    assert len({id(session) for session in lent}) == 2, (
        "Two requests at once were lent the same session, so each would commit what "
        "the other has half done. Make one inside get_session."
    )
    first, second = (answer.status_code for answer in answers)
    assert (first, second) == (200, 200), (
        f"Two requests at once were answered {first} and {second}."
    )


# - What a request wrote is committed before its answer goes out.
async def test_what_a_request_writes_is_kept(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    """What a request wrote is there for the next."""
    for email in ("lena@example.com", "ada@example.com"):
        response = await client.post(f"/accounts/{email}")
        assert response.status_code == 201, (
            f"The endpoint added an account and was to answer 201; the answer was "
            f"{response.status_code}."
        )
    found = kept(engine)
    assert found == ["ada@example.com", "lena@example.com"], (
        f"Two requests added an account each. Stored is {found}. Who commits?"
    )


async def test_it_is_kept_before_the_answer(
    connect: Connect, app: FastAPI, engine: AsyncEngine
) -> None:
    """When the answer begins, another program finds what the request wrote."""
    found: list[list[str]] = []

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        async def look(message: Message) -> None:
            if message["type"] == "http.response.start":
                found.append(kept(engine))
            await send(message)

        await app(scope, receive, look)

    async with connect(server) as client:
        await client.post("/accounts/lena@example.com")
    assert found == [["lena@example.com"]], (
        f"The endpoint added lena@example.com. When the answer 201 began, another "
        f"program found {found[0]}. Depends can be told when a dependency ends."
    )


# - A commit that fails is answered 500,
async def test_no_201_for_what_was_not_kept(client: httpx.AsyncClient) -> None:
    """A commit that fails is answered 500, for nothing was stored."""
    response = await client.post("/promises/404")
    assert response.status_code == 500, (
        f"The endpoint wrote a row that SQLite refuses at COMMIT. The client was "
        f"answered {response.status_code}, and nothing is stored. Depends can be told "
        f"when a dependency ends. And let the failure through."
    )


# - A commit that fails is rolled back,
async def test_a_failed_commit_spoils_no_other(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    """A commit that fails is rolled back: the next request starts clean."""
    await client.post("/promises/404")
    response = await client.post("/accounts/lena@example.com")
    found = kept(engine)
    assert (response.status_code, found) == (201, ["lena@example.com"]), (
        f"One request's COMMIT failed. The next one added lena@example.com: it was "
        f"answered {response.status_code}, and stored is {found}. The failed "
        f"transaction is still open on its connection, and goes on with the next "
        f"request. A failed commit needs a rollback, too; begin() sees to both."
    )


# - An exception in the endpoint rolls back,
async def test_an_http_exception_rolls_back(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    """An `HTTPException` rolls back, and its status reaches the client."""
    response = await client.post("/refused/lena@example.com")
    found = kept(engine)
    assert found == [], (
        f"The endpoint added an account, then raised HTTPException(409), and {found} "
        f"was stored all the same. Commit only if nothing was raised."
    )
    assert response.status_code == 409, (
        f"The endpoint raised HTTPException(409), and the client was answered "
        f"{response.status_code}. Whoever catches an exception at `yield` raises it "
        f"again."
    )


async def test_a_crash_rolls_back(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    """Any other exception rolls back too, and is a 500."""
    response = await client.post("/crashed/lena@example.com")
    found = kept(engine)
    assert found == [], (
        f"The endpoint added an account, then crashed, and {found} was stored all the "
        f"same. Commit only if nothing was raised."
    )
    assert response.status_code == 500, (
        f"The endpoint crashed, and the client was answered {response.status_code}."
    )


# - All parts of one request share one session.
async def test_a_request_shares_one_session(client: httpx.AsyncClient) -> None:
    """All parts of one request share one session."""
    response = await client.get("/parts")
    assert response.status_code == 200, (
        f"An endpoint and a dependency of it both asked for a `Session`, and the "
        f"answer was {response.status_code}."
    )
    assert response.json() is True, (
        "An endpoint and a dependency of it were lent two sessions, so one would not "
        "see what the other wrote. FastAPI shares a dependency unless told otherwise."
    )


# - Afterwards the connection is back with the engine, whatever happened,
async def test_the_connection_goes_back(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    """Afterwards the connection is back with the engine, whatever happened."""
    for path in ("accounts", "refused", "crashed", "cancelled"):
        request = client.post(f"/{path}/{path}@example.com")
        await asyncio.wait({asyncio.create_task(request)})
        out = lent_out(engine)
        assert out == 0, (
            f"POST /{path} is over, and {out} connection is still lent out. After "
            f"fifteen of these Waybill stands still. Close the session in any case: "
            f"`async with` does, and so does `finally`. A cancelled request is no "
            f"`Exception`."
        )
