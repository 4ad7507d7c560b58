"""Checks of dependencies.access_log: who asked for what, and how it ended."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.exceptions import DependencyScopeError, FastAPIError
from fastapi.routing import APIRoute

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

pytestmark = pytest.mark.usefixtures("parting")

EMAIL = "lena@example.com"
ALLOWED = (
    ("GET", "/v1/parcels", 200),
    ("POST", "/v1/parcels", 201),
    ("GET", "/v1/parcels/1", 200),
)
"""What Lena may send, one after the other, and how each is answered."""


@pytest.fixture
def app(mount: Callable[[APIRouter], FastAPI]) -> FastAPI:
    """An app with Waybill's API, in which Lena is asking."""
    try:
        from waybill.api import api

        return mount(api)
    except DependencyScopeError as error:
        raise AssertionError(
            f"FastAPI refuses it: “{error}” What ends after the answer can't ask for "
            "what ended before, as `Session` did. The session comes through "
            "`CurrentAccount`: ask for that alone."
        ) from None


Body = dict[str, Any]
Lines = Callable[[], list[logging.LogRecord]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Return a function that tells the lines of the access log so far."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="waybill.access")
    return lambda: [one for one in caplog.records if one.name == "waybill.access"]


def only(
    lines: list[logging.LogRecord], level: str, what: str, none: str, other: str = ""
) -> str:
    """Return the only line; say what is wrong if there is `none`, or its level is."""
    said = [f"{line.levelname} {line.getMessage()}" for line in lines]
    assert lines, f"{what}, and the log `waybill.access` has no line of it. {none}"
    assert len(lines) == 1, f"{what}, and left more lines than one: {said}"
    if lines[0].levelname != "INFO":
        other = f"The level should be {level}."
    assert lines[0].levelname == level, f"{what}, and the log says {said[0]}. {other}"
    return lines[0].getMessage()


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
            f"{name} was raised on the way: a rolled-back session forgets its rows. "
            "Take what you need of the account before the `yield`."
        )
    return f"{name} came out in its place: “{error}”. A bare `raise` hands the same on."


async def test_parcels_have_a_url(client: httpx.AsyncClient, body: Body) -> None:
    """Parcels are handed in, read and listed below `/v1/parcels`."""
    for method, path, status in ALLOWED:
        sent = body if method == "POST" else None
        response = await client.request(method, path, json=sent)
        assert response.status_code == status, (
            f"Lena sent {method} {path} and was answered {response.status_code}: "
            f"{response.text}. Does `api` include the router of parcels, without a "
            "prefix of its own?"
        )


async def test_what_went_well_is_info(
    client: httpx.AsyncClient,
    lines: Lines,
    body: Body,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A request that went well leaves one line at INFO, with e-mail and path."""
    for method, path, _ in ALLOWED:
        before = len(lines())
        await client.request(method, path, json=body if method == "POST" else None)
        others = {one.name for one in caplog.records if EMAIL in one.getMessage()}
        said = only(
            lines()[before:],
            "INFO",
            f"Lena sent {method} {path}, all went well",
            f"There is one of the logger `{min(others)}`."
            if others - {"waybill.access"}
            else "Does include_router know the dependency, and does it log with the "
            "logger of this name when nothing was raised?",
        )
        message = f"Lena ({EMAIL}) asked for {path}, and the line says: {said}"
        assert EMAIL in said, message
        assert path in said, message


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
    other = (
        "Only what stands below the `yield`, outside of a `finally`, is skipped when "
        "something was raised."
    )
    said = only(lines(), "WARNING", what, unnoticed(error), other)
    bare = path.partition("?")[0]
    message = f"Lena ({EMAIL}) asked for {bare} in vain, and the line says: {said}"
    assert EMAIL in said, message
    assert bare in said, message


async def test_an_unforeseen_error_goes_on(
    client: httpx.AsyncClient, app: FastAPI, lines: Lines, raised: list[Exception]
) -> None:
    """An error nobody foresaw leaves a line at WARNING, and goes on unchanged."""
    from waybill.parcels import own_parcel

    def broken() -> None:
        raise ConnectionError("the database went away")

    app.dependency_overrides[own_parcel] = broken
    response = await client.get("/v1/parcels/1")
    what = "A dependency raised a ConnectionError"
    assert raised, (
        f"{what}, and it never arrived outside; the client was answered "
        f"{response.status_code}. Those who look for the cause need the error itself: "
        "a bare `raise` hands it on."
    )
    arrived = type(raised[-1]).__name__
    assert arrived == "ConnectionError", (
        f"{what}, and outside arrived {arrived}. {came_of(raised[-1])}"
    )
    other = "HTTPException isn't the only exception."
    only(lines(), "WARNING", what, unnoticed("ConnectionError"), other)


async def test_the_text_of_an_exception_stays_out(
    client: httpx.AsyncClient, app: FastAPI, lines: Lines, body: Body
) -> None:
    """A line tells an exception's class at most: neither its text nor what was sent."""
    from waybill.parcels import own_parcel

    def absent() -> None:
        raise HTTPException(404, "Nobody has it.")

    app.dependency_overrides[own_parcel] = absent
    for method, path, sent, text in (
        ("POST", "/v1/parcels", {"to": body["to"]}, body["to"]["street"]),
        ("GET", "/v1/parcels/1", None, "Nobody has it."),
    ):
        before = len(lines())
        await client.request(method, path, json=sent)
        said = "".join(logging.Formatter().format(one) for one in lines()[before:])
        found = [one for one in (text, "\n") if one in said]
        assert not found, (
            f"Lena sent {method} {path} in vain, and the log holds {found[0]!r}: "
            f"{said[:80]!r}… An exception's text, and a traceback with it, may tell "
            "what somebody sent. Tell its class at most."
        )


async def test_done_is_said_after_the_commit(
    client: httpx.AsyncClient, lines: Lines, body: Body, engine: "AsyncEngine"
) -> None:
    """A line is written only when the session has been committed."""
    from sqlalchemy import event

    at_commit: list[int] = []

    @event.listens_for(engine.sync_engine, "commit")
    def count(_connection: object) -> None:
        at_commit.append(len(lines()))

    await client.post("/v1/parcels", json=body)
    assert at_commit, "A parcel was handed in, and no commit came."
    assert at_commit[-1] == 0, (
        "A parcel was handed in. When the session was about to be committed, the log "
        "had told how it ended already. Write below the yield; and a dependency with "
        'scope="function" ends before the session it came after.'
    )
    what = "A parcel was handed in and committed"
    only(lines(), "INFO", what, "Say so below the `yield`.")


async def test_a_failed_commit_is_a_warning(
    client: httpx.AsyncClient,
    lines: Lines,
    body: Body,
    engine: "AsyncEngine",
    raised: list[Exception],
) -> None:
    """A commit that fails leaves one line at WARNING, and the client reads a 500."""
    from sqlalchemy import event

    @event.listens_for(engine.sync_engine, "commit")
    def disk_full(_connection: object) -> None:
        raise OSError("the disk is full")

    response = await client.post("/v1/parcels", json=body)
    assert response.status_code == 500, (
        f"The commit failed, and the client was told {response.status_code}. Does "
        "Session still have its scope?"
    )
    none = unnoticed("OSError, which the commit raised,")
    if raised and not isinstance(raised[-1], OSError):
        none = came_of(raised[-1])
    what = "A parcel was handed in, and the commit failed"
    other = "Say that it is done only when nothing was raised."
    only(lines(), "WARNING", what, none, other)


async def test_rates_stay_without(
    client: httpx.AsyncClient, lines: Lines, asked: list[str]
) -> None:
    """Rates ask for no account and leave no line."""
    response = await client.get("/v1/rates/DE")
    assert response.status_code == 200, (
        f"GET /v1/rates/DE was answered {response.status_code}: {response.text}"
    )
    noted = [line.getMessage() for line in lines()]
    assert not [*noted, *asked], (
        f"GET /v1/rates/DE asked for {len(asked)} accounts and left the lines {noted}. "
        "Anybody may know the rates: give the dependency to the parcels alone."
    )


async def test_the_docs_tell_of_the_404(client: httpx.AsyncClient) -> None:
    """The docs list parcels below the tag `parcels`, and document their 404."""
    from waybill.parcels import router

    described = (await client.get("/openapi.json")).json()["paths"]
    rates_404 = described["/v1/rates/{country}"]["get"]["responses"]["404"]
    for one in (route for route in router.routes if isinstance(route, APIRoute)):
        path = f"/v1{one.path}"
        assert path in described, f"The docs know {sorted(described)}, without {path}."
        for method in one.methods:
            route = f"{method} {path}"
            operation = described[path][method.lower()]
            tags = operation.get("tags", [])
            assert tags.count("parcels") == 1, (
                f"The docs give {route} the tags {tags}; `parcels` is asked for, once."
            )
            found = operation["responses"].get("404")
            assert found == rates_404, (
                f"The docs of {route} say of a 404: {found}. Rates document theirs "
                f"with NOT_FOUND: {rates_404}"
            )
