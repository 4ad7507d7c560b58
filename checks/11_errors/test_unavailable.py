"""Checks of errors.unavailable: a database that is busy, gone, or wrong."""

import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import URL, exc, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

Connect = Callable[..., httpx.AsyncClient]
Read = Callable[..., dict[str, Any]]

SECRET = "hunter2-7f3a"  # noqa: S105
LOST = {"connection_invalidated": True}


def busy(name: str) -> sqlite3.OperationalError:
    """Return what SQLite raises when somebody else has locked the file."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = name
    return error


PASSING: dict[str, Exception] = {
    "a lost connection": exc.InterfaceError(
        f"SELECT '{SECRET}'", None, Exception(f"closed by {SECRET}"), **LOST
    ),
    "a lost connection of another kind": exc.DBAPIError(
        f"SELECT '{SECRET}'", None, Exception("57P01"), **LOST
    ),
    "an operation on a lost connection": exc.OperationalError(
        f"SELECT '{SECRET}'", None, Exception("gone"), **LOST
    ),
    "a file that was locked and lost its turn": exc.OperationalError(
        f"SELECT '{SECRET}'", None, busy("SQLITE_BUSY_SNAPSHOT")
    ),
    "a pool without a free connection": exc.TimeoutError(f"QueuePool limit, {SECRET}"),
    "an answer that took too long": TimeoutError(SECRET),
    "a database where nobody listens": ConnectionRefusedError(111, f"to {SECRET}"),
    "a connection that was reset": ConnectionResetError(SECRET),
}
LASTING: dict[str, Exception] = {
    "a row that breaks a rule": exc.IntegrityError("INSERT", None, Exception("UNIQUE")),
    "a statement with a slip": exc.ProgrammingError("SELCT", None, Exception("42601")),
    "an operation that can't work": exc.OperationalError(
        "SELECT x", None, sqlite3.OperationalError("no such column: x")
    ),
    "a table whose name has a word of the driver's": exc.OperationalError(
        "SELECT 1",
        None,
        sqlite3.OperationalError("no such table: locked_busy_lost_connections"),
    ),
    "two rows where one was asked for": exc.MultipleResultsFound("two"),
    "a disk without room": OSError(28, "No space left on device"),
    "a slip of Waybill's": LookupError("nobody expected this"),
}


@pytest.fixture
def app(taught: Callable[[str], FastAPI]) -> FastAPI:
    """An app that `answer_unavailable` has taught, and a route that fails."""
    app = taught("answer_unavailable")

    @app.get("/fail")
    async def fail(how: str) -> None:
        raise (PASSING | LASTING)[how]

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
async def till(app: FastAPI, tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    """A database that somebody else has opened, and a route that writes to it."""
    file = tmp_path / "till.db"
    url = URL.create("sqlite+aiosqlite", database=str(file))
    engine: AsyncEngine = create_async_engine(url, connect_args={"timeout": 0})
    somebody = sqlite3.connect(file, isolation_level=None)
    somebody.execute("CREATE TABLE notes (euros)")

    @app.get("/write/{table}")
    async def write(table: str) -> None:
        async with engine.begin() as connection:
            await connection.execute(text(f"INSERT INTO {table} VALUES (5)"))  # noqa: S608

    try:
        yield somebody
    finally:
        somebody.close()
        await engine.dispose()


# - A locked SQLite file and a lost connection are answered 503.
async def test_a_locked_file(
    client: httpx.AsyncClient, till: sqlite3.Connection, read: Read
) -> None:
    """A file that somebody else has locked is answered 503, and works afterwards."""
    till.execute("BEGIN EXCLUSIVE")
    read(await client.get("/write/notes"), 503, "A write to a locked file")
    till.execute("ROLLBACK")
    response = await client.get("/write/notes")
    assert response.status_code == 200, (
        f"The lock was gone, and the next write was answered {response.status_code}."
    )


# - A locked SQLite file and a lost connection are answered 503.
@pytest.mark.parametrize("how", [one for one in PASSING if "lost" in one])
async def test_a_lost_connection(
    client: httpx.AsyncClient, read: Read, how: str
) -> None:
    """A lost connection is answered 503, whichever class of DBAPIError says so."""
    read(await client.get("/fail", params={"how": how}), 503, how.capitalize())


# - So are the three that are no `DBAPIError`:
@pytest.mark.parametrize("how", [one for one in PASSING if "lost" not in one])
async def test_what_is_no_dbapi_error(
    client: httpx.AsyncClient, read: Read, how: str
) -> None:
    """Both TimeoutErrors and ConnectionError are answered 503."""
    what = f"{how.capitalize()} ({type(PASSING[how]).__name__})"
    read(await client.get("/fail", params={"how": how}), 503, what)


# - Each 503 is a problem, and has a `Retry-After` of at least one second, in whole
# seconds.
@pytest.mark.parametrize("how", PASSING)
async def test_it_says_when_to_come_back(client: httpx.AsyncClient, how: str) -> None:
    """Each 503 has a `Retry-After` of at least one second, in whole seconds."""
    response = await client.get("/fail", params={"how": how})
    found = response.headers.get("Retry-After")
    assert found is not None, (
        f"{how.capitalize()} was answered {response.status_code} without a header "
        "Retry-After. `problem` takes headers as its third argument."
    )
    assert re.fullmatch(r"0*[1-9][0-9]*", found), (
        f"Retry-After is {found!r}. It should be a whole number of seconds, 1 or more."
    )


# - Every other error stays a crash:
@pytest.mark.parametrize("how", LASTING)
async def test_others_stay_a_crash(connect: Connect, app: FastAPI, how: str) -> None:
    """Every other error goes on, and is the same exception as before."""
    error = LASTING[how]
    async with connect(app) as client:
        try:
            response = await client.get("/fail", params={"how": how})
        except Exception as raised:  # noqa: BLE001 - which one, is the question
            assert raised is error, (  # noqa: PT017
                f"{how.capitalize()} is {error!r}, and {raised!r} went on. Say "
                "`raise error` in the handler."
            )
        else:
            advice = "It doesn't go away by itself"
            if response.status_code == 500:
                advice = "Your handler answered it itself"
            raise AssertionError(
                f"{how.capitalize()} ({type(error).__name__}) was answered "
                f"{response.status_code}. {advice}, and nobody will look for it: with "
                "`raise error` it is a crash, as it was."
            )
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/fail", params={"how": how})
    assert (response.status_code, response.text) == (500, "Internal Server Error"), (
        f"{how.capitalize()} was answered {response.status_code} {response.text!r} "
        "instead of the 500 of an app without a handler for it."
    )


# - Every other error stays a crash:
async def test_a_missing_table_stays_a_crash(
    client: httpx.AsyncClient,
    till: sqlite3.Connection,  # noqa: ARG001  # used for what it does
) -> None:
    """A table that is missing is a 500."""
    response = await client.get("/write/coins")
    assert response.status_code == 500, (
        f"There is no table coins, and a write to it was answered "
        f"{response.status_code}. It is an OperationalError like a lock is: look at "
        "`error.orig`."
    )


# - `log` gets a warning for each 503:
@pytest.mark.parametrize("how", PASSING)
async def test_it_is_logged(
    client: httpx.AsyncClient, quiet: pytest.LogCaptureFixture, how: str
) -> None:
    """`log` gets one WARNING for each 503."""
    await client.get("/fail", params={"how": how})
    found = [
        f"{one.levelname} {one.name}"
        for one in quiet.records
        if one.name.startswith("waybill")
    ]
    assert found == ["WARNING waybill.problems"], (
        f"{how.capitalize()} was answered 503, and the log got {found}. One entry is "
        "asked for: `log.warning(…)`."
    )


# - The answer has no word of SQL and none of the driver's.
@pytest.mark.parametrize("how", PASSING)
async def test_nothing_of_it_is_told(client: httpx.AsyncClient, how: str) -> None:
    """The answer has no word of SQL and none of the driver's."""
    response = await client.get("/fail", params={"how": how})
    told = f"{response.text} {dict(response.headers)}"
    for word in (SECRET, "SELECT", "sqlalche", "QueuePool", "Errno", "57P01"):
        assert word not in told, (
            f"{how.capitalize()} was answered {response.status_code}, and the client "
            f"reads {word!r}: {told}"
        )
