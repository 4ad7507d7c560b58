"""Checks of dependencies.access_log: who asked for what, and how it ended."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import FastAPIError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
    from starlette.types import ASGIApp, Receive, Scope, Send

    from waybill.tables import Account

Connect = Callable[..., httpx.AsyncClient]

LENA = 51
EMAIL = "lena@example.com"
TO = {
    "name": "Zoë Ng",
    "street": "Torstraße 12",
    "city": "Berlin",
    "postcode": "10119",
    "country": "DE",
}
BODY = {"to": TO, "weight_g": 750, "value": "19.90"}


@pytest.fixture
def asked() -> list[str]:
    """Notes when the account was asked for."""
    return []


@pytest.fixture
def raised() -> list[Exception]:
    """The exceptions that left the app, where a server would answer 500."""
    return []


class Noting:
    """A middleware that notes the exceptions passing by."""

    def __init__(self, app: "ASGIApp", raised: list[Exception]) -> None:
        self.app, self.raised = app, raised

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            self.raised.append(error)
            raise


@pytest.fixture
async def app(
    sessions: "async_sessionmaker[AsyncSession]",
    asked: list[str],
    raised: list[Exception],
) -> FastAPI:
    """An app with Waybill's API, in which Lena is asking."""
    from sqlalchemy import event
    from sqlalchemy.orm import Session as OrmSession
    from sqlalchemy.orm import SessionTransaction

    from waybill.api import api
    from waybill.database import Session
    from waybill.dependencies import current_account
    from waybill.tables import Account

    class Lent(OrmSession):
        """Parts with its rows when it rolls back, so that none connects it again."""

    @event.listens_for(Lent, "after_soft_rollback")
    def part(session: OrmSession, ended: SessionTransaction) -> None:
        if not ended.nested:
            session.expunge_all()

    sessions.configure(sync_session_class=Lent)
    async with sessions.begin() as session:
        session.add(Account(id=LENA, email=EMAIL))

    async def lena(session: Session) -> "Account":
        asked.append(EMAIL)
        return await session.get_one(Account, LENA)

    app = FastAPI()
    app.state.sessions = sessions
    app.include_router(api)
    app.dependency_overrides[current_account] = lena
    app.add_middleware(Noting, raised=raised)
    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reads a 500 where a server would send one."""
    async with connect(app, raise_app_exceptions=False) as client:
        yield client


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[logging.LogRecord]]:
    """Return a function that tells the lines of the access log so far."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="waybill.access")

    def so_far() -> list[logging.LogRecord]:
        return [one for one in caplog.records if one.name == "waybill.access"]

    return so_far


Lines = Callable[[], list[logging.LogRecord]]


def only(lines: list[logging.LogRecord], what: str, none: str) -> logging.LogRecord:
    """Return the only line; say what happened if there is `none`, or are several."""
    said = [f"{line.levelname} {line.getMessage()}" for line in lines]
    assert lines, f"{what}, and the log `waybill.access` has no line of it. {none}"
    assert len(lines) == 1, (
        f"{what}, and the log `waybill.access` has {len(lines)} lines: {said}. One "
        "line says how it ended."
    )
    return lines[0]


def unnoticed(arrived: str) -> str:
    """Say why an exception that arrived may have left no line."""
    return (
        f"{arrived} arrived at the `yield`, and what is below it is skipped then. Is "
        f"the `yield` inside a `try`, and does its `except` catch {arrived} too?"
    )


def came_of(error: Exception) -> str:
    """Say what became of an exception that should have gone on unchanged."""
    from sqlalchemy.orm.exc import DetachedInstanceError

    name = type(error).__name__
    if isinstance(error, FastAPIError):
        return (
            "An exception that arrives at the `yield` and isn't raised again leaves "
            "FastAPI without an answer: it becomes a 500, whatever it was."
        )
    if isinstance(error, DetachedInstanceError):
        return (
            f"{name} was raised on the way: a rolled-back session forgets its rows, "
            "and then the account can't be read any more. Take what you need of it "
            "before the `yield`."
        )
    return f"{name} came out in its place: “{error}”. A bare `raise` hands the same on."


async def test_parcels_have_a_url(client: httpx.AsyncClient) -> None:
    """Parcels are handed in, read and listed below `/v1/parcels`."""
    response = await client.post("/v1/parcels", json=BODY)
    assert response.status_code == 201, (
        f"POST /v1/parcels was answered {response.status_code}: {response.text}. Does "
        "`api` include the router of parcels, without a prefix of its own?"
    )
    parcel = response.json()
    response = await client.get(f"/v1/parcels/{parcel['id']}")
    assert response.json() == parcel, (
        f"GET /v1/parcels/{parcel['id']} was answered {response.status_code}: "
        f"{response.text}"
    )
    response = await client.get("/v1/parcels")
    assert response.status_code == 200, (
        f"GET /v1/parcels was answered {response.status_code}: {response.text}"
    )


async def test_what_went_well_is_info(
    client: httpx.AsyncClient, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that went well leaves one line at INFO, with e-mail and path."""
    for method, path, sent in (
        ("GET", "/v1/parcels", None),
        ("POST", "/v1/parcels", BODY),
        ("GET", "/v1/parcels/1", None),
    ):
        before = len(lines())
        response = await client.request(method, path, json=sent)
        assert response.is_success, (
            f"{method} {path} was answered {response.status_code}: {response.text}"
        )
        others = {one.name for one in caplog.records if EMAIL in one.getMessage()}
        line = only(
            lines()[before:],
            f"Lena sent {method} {path}, all went well",
            f"There is one of the logger `{min(others)}`."
            if others - {"waybill.access"}
            else "Does include_router know the dependency, and does it log with the "
            "logger of this name when nothing was raised?",
        )
        said = line.getMessage()
        assert line.levelno == logging.INFO, (
            f"{method} {path} went well, and the log says {line.levelname}: {said}"
        )
        assert EMAIL in said, f"Lena ({EMAIL}) asked, and the line says: {said}"
        assert path in said, f"{path} was asked for, and the line says: {said}"


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/v1/parcels/999", 404, "HTTPException"),
        ("/v1/parcels/0", 422, "RequestValidationError"),
        ("/v1/parcels?limit=0", 422, "RequestValidationError"),
    ],
)
async def test_what_was_refused_is_a_warning(
    client: httpx.AsyncClient,
    lines: Lines,
    raised: list[Exception],
    path: str,
    status: int,
    error: str,
) -> None:
    """A request that was refused leaves one line at WARNING, and keeps its status."""
    response = await client.get(path)
    assert response.status_code == status, (
        f"GET {path} was answered {response.status_code} instead of {status}. "
        f"{came_of(raised[-1]) if raised else ''}"
    )
    what = f"Lena sent GET {path} and was answered {status}"
    line = only(lines(), what, unnoticed(error))
    said = line.getMessage()
    assert line.levelno == logging.WARNING, (
        f"GET {path} was answered {status}, and the log says {line.levelname}: {said}. "
        "Only what stands below the `yield`, outside of a `finally`, is skipped when "
        "something was raised."
    )
    bare = path.partition("?")[0]
    for part in (EMAIL, bare):
        assert part in said, (
            f"Lena ({EMAIL}) asked for {bare} in vain, and the line says: {said}"
        )


async def test_an_unforeseen_error_goes_on(
    client: httpx.AsyncClient, app: FastAPI, lines: Lines, raised: list[Exception]
) -> None:
    """An error nobody foresaw leaves a line at WARNING, and goes on unchanged."""
    from waybill.parcels import own_parcel

    def broken() -> None:
        raise ConnectionError("the database went away")

    app.dependency_overrides[own_parcel] = broken
    response = await client.get("/v1/parcels/1")
    assert raised, (
        "A dependency raised a ConnectionError, and it never arrived outside; the "
        f"client was answered {response.status_code}. Those who look for the cause "
        "need the error itself: a bare `raise` hands it on."
    )
    assert isinstance(raised[-1], ConnectionError), (
        "A dependency raised a ConnectionError, and outside arrived "
        f"{type(raised[-1]).__name__}. {came_of(raised[-1])}"
    )
    what = "A dependency raised a ConnectionError"
    line = only(lines(), what, unnoticed("ConnectionError"))
    assert line.levelno == logging.WARNING, (
        f"A ConnectionError was raised, and the log says {line.levelname}: "
        f"{line.getMessage()}. HTTPException isn't the only exception."
    )


async def test_done_is_said_after_the_commit(
    client: httpx.AsyncClient, lines: Lines, engine: "AsyncEngine"
) -> None:
    """A line is written only when the session has been committed."""
    from sqlalchemy import event

    at_commit: list[int] = []

    @event.listens_for(engine.sync_engine, "commit")
    def count(_connection: object) -> None:
        at_commit.append(len(lines()))

    await client.post("/v1/parcels", json=BODY)
    assert at_commit, "A parcel was handed in, and no commit came."
    assert at_commit[-1] == 0, (
        "A parcel was handed in. When the session was about to be committed, the log "
        "had told how it ended already. Write below the yield; and a dependency with "
        'scope="function" ends before the session it came after.'
    )
    only(lines(), "A parcel was handed in and committed", "Say so below the `yield`.")


async def test_a_failed_commit_is_a_warning(
    client: httpx.AsyncClient,
    lines: Lines,
    engine: "AsyncEngine",
    raised: list[Exception],
) -> None:
    """A commit that fails leaves one line at WARNING, and the client reads a 500."""
    from sqlalchemy import event

    @event.listens_for(engine.sync_engine, "commit")
    def disk_full(_connection: object) -> None:
        raise OSError("the disk is full")

    response = await client.post("/v1/parcels", json=BODY)
    assert response.status_code == 500, (
        f"The commit failed, and the client was told {response.status_code}. Does "
        "Session still have its scope?"
    )
    none = unnoticed("OSError, which the commit raised,")
    if raised and not isinstance(raised[-1], OSError):
        none = came_of(raised[-1])
    line = only(lines(), "A parcel was handed in, and the commit failed", none)
    assert line.levelno == logging.WARNING, (
        f"The commit failed, and the log says {line.levelname}: {line.getMessage()}. "
        "Say that it is done only when nothing was raised."
    )


async def test_rates_stay_without(
    client: httpx.AsyncClient, lines: Lines, asked: list[str]
) -> None:
    """Rates ask for no account and leave no line."""
    response = await client.get("/v1/rates/DE")
    assert response.status_code == 200, (
        f"GET /v1/rates/DE was answered {response.status_code}: {response.text}"
    )
    noted = [line.getMessage() for line in lines()]
    assert not noted, (
        f"GET /v1/rates/DE left the lines {noted}. Give the dependency to the router "
        "of parcels, not to all of the API."
    )
    assert not asked, (
        "GET /v1/rates/DE asked for an account. Anybody may know the rates: give the "
        "dependency to the router of parcels alone."
    )


async def test_the_docs_tell_of_the_404(client: httpx.AsyncClient) -> None:
    """The docs list parcels below the tag `parcels`, and document their 404."""
    described = (await client.get("/openapi.json")).json()["paths"]
    paths = {path: one for path, one in described.items() if "/parcels" in path}
    assert paths, f"The docs know the paths {sorted(described)}, and none of parcels."
    rates_404 = described["/v1/rates/{country}"]["get"]["responses"]["404"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            route = f"{method.upper()} {path}"
            tags = operation.get("tags")
            assert tags == ["parcels"], (
                f"The docs list {route} below {tags or 'no tag'}; one tag, `parcels`, "
                "is asked for."
            )
            found = operation["responses"].get("404")
            assert found == rates_404, (
                f"The docs of {route} say of a 404: {found}. Rates document theirs "
                f"with NOT_FOUND: {rates_404}"
            )
