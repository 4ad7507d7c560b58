"""Checks of performance.unavailable: which errors of a database will pass."""

import sqlite3
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import exc

Connect = Callable[..., httpx.AsyncClient]
CODES = ("53300", "55P03", "57014", "57P01", "57P02", "57P03")
KINDS = (exc.DBAPIError, exc.OperationalError, exc.InternalError, exc.InterfaceError)


class PostgresError(Exception):
    """What a driver raises; it knows PostgreSQL's code, or that there is none."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__(f"PostgreSQL says {sqlstate}")
        self.sqlstate = sqlstate


def sqlite(name: str) -> sqlite3.OperationalError:
    """Return what SQLite raises."""
    error = sqlite3.OperationalError("SQLite says so")
    error.sqlite_errorname = name
    return error


def failed(
    kind: type[exc.DBAPIError],
    orig: Exception,
    lost: bool = False,
) -> exc.DBAPIError:
    """Return what SQLAlchemy makes of a driver's error."""
    return kind("SELECT 1", None, orig, connection_invalidated=lost)


@pytest.fixture
async def status(connect: Connect) -> Callable[..., object]:
    """Return what tells how Waybill answers a request that fails like this."""
    from waybill import problems

    times = problems.answers.count(problems.answer_unavailable)
    assert times == 1, f"`answer_unavailable` stands in `answers` {times} times."

    async def status(error: Exception) -> tuple[int, str]:
        app = FastAPI()
        problems.answer_unavailable(app)

        @app.get("/fail")
        async def fail() -> None:
            raise error

        async with connect(app, raise_app_exceptions=False) as client:
            answer = await client.get("/fail")
        return answer.status_code, answer.headers.get("Retry-After", "")

    return status


# - Whatever has one of the codes in `PASSING` will pass, and so does what passed in
# lesson 11.
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", KINDS)
async def test_these_codes_will_pass(
    status: Callable[..., object], code: str, kind: type[exc.DBAPIError]
) -> None:
    """Each of the six codes is answered 503, whatever class the error has."""
    found = await status(failed(kind, PostgresError(code)))  # type: ignore[misc]
    assert found == (503, "5"), (
        f"PostgreSQL's code was {code}, in a {kind.__name__}; (status, Retry-After) "
        f"was {found} and not (503, '5'). It stands in PASSING: ask for `state`."
    )


async def test_what_passed_before_passes(status: Callable[..., object]) -> None:
    """A locked file, a lost connection and the three others are answered 503."""
    for error in (
        failed(exc.OperationalError, sqlite("SQLITE_BUSY")),
        failed(exc.OperationalError, sqlite("SQLITE_BUSY_SNAPSHOT")),
        failed(exc.InterfaceError, PostgresError("08006"), lost=True),
        failed(exc.DBAPIError, Exception("gone"), lost=True),
        exc.TimeoutError("the pool"),
        TimeoutError("an answer"),
        ConnectionRefusedError("nobody listens"),
    ):
        found = await status(error)  # type: ignore[misc]
        assert found == (503, "5"), (
            f"{error!r} was answered {found}, and 503 in lesson 11."
        )


# - A driver that was not let in has no code, which is `None`: an `OperationalError`
# like that will pass.
async def test_who_was_not_let_in(status: Callable[..., object]) -> None:
    """An OperationalError whose code is None is answered 503."""
    found = await status(failed(exc.OperationalError, PostgresError(None)))  # type: ignore[misc]
    assert found == (503, "5"), (
        "psycopg was not let in, so its error's `sqlstate` is None; (status, "
        f"Retry-After) was {found} and not (503, '5')."
    )


# - All else is still a crash.
async def test_all_else_is_a_crash(status: Callable[..., object]) -> None:
    """Every other error is a crash: other codes, none at all, and SQLite's slips."""
    for error in (
        failed(exc.ProgrammingError, PostgresError("42P01")),
        failed(exc.IntegrityError, PostgresError("23505")),
        failed(exc.OperationalError, PostgresError("53100")),
        failed(exc.OperationalError, PostgresError("57000")),
        failed(exc.InternalError, PostgresError("5")),
        failed(exc.OperationalError, PostgresError("")),
        failed(exc.InterfaceError, PostgresError(None)),
        failed(exc.ProgrammingError, PostgresError(None)),
        failed(exc.OperationalError, sqlite("SQLITE_ERROR")),
        failed(exc.OperationalError, sqlite("SQLITE_FULL")),
        failed(exc.OperationalError, Exception("no code at all")),
        LookupError("a slip"),
    ):
        found = await status(error)  # type: ignore[misc]
        assert found == (500, ""), (
            f"{error!r} was answered {found}. It won't go away by itself, and nobody "
            "looks for it if it is a 503; a crash is a 500."
        )
