"""Checks of dependencies.access_log: who asked for what, and how it ended."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.exceptions import DependencyScopeError
from fastapi.routing import APIRoute

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from waybill.tables import Parcel

pytestmark = pytest.mark.usefixtures("parting")

Body = dict[str, Any]
Lines = Callable[[], list[logging.LogRecord]]
Only = Callable[..., str]

EMAIL = "lena@example.com"
EMAILS = (EMAIL, "cem@example.com", "dora@example.com", "demo@waybill.example")
LIST, PATH = "/v1/parcels", "/v1/parcels/7"
ALLOWED = (("GET", LIST, 200), ("POST", LIST, 201), ("GET", PATH, 200))
"""What Lena may send, one after the other, and how each is answered."""
FORGED = "bob@example.com\nINFO 'lena@example.com' '/v1/parcels/7': done\x85\u2028"
"""An address that, written as it is, looks like more than one line."""


@pytest.fixture
async def app(
    fill: Callable[..., Any],
    parcel: Callable[..., "Parcel"],
    mount: Callable[..., FastAPI],
    known: dict[str, int],
) -> FastAPI:
    """An app with Waybill's API, in which Lena owns parcel 7 and is asking."""
    from waybill.tables import Account

    known[FORGED] = 40
    await fill("parcel 7", lambda: [parcel(7, EMAIL), Account(id=40, email=FORGED)])
    try:
        from waybill.api import api

        return mount(api)
    except DependencyScopeError as error:
        raise AssertionError(
            f"FastAPI refuses it: “{error}” What ends after the answer can't ask for "
            "what ended before, as `Session` did. Ask for `CurrentAccount` alone."
        ) from None


def unnoticed(arrived: str) -> str:
    """Say why an exception that arrived may have left no line."""
    return (
        f"{arrived} arrived at the `yield`, and what is below it is skipped then. Is "
        f"the `yield` inside a `try`, and does its `except` catch {arrived} too?"
    )


# - `api` includes the parcels: they are found below `/v1/parcels`.
async def test_parcels_have_a_url(client: httpx.AsyncClient, body: Body) -> None:
    """Parcels are handed in, read and listed below `/v1/parcels`."""
    for method, path, status in ALLOWED:
        sent = body if method == "POST" else None
        response = await client.request(method, path, json=sent)
        assert response.status_code == status, (
            f"Lena sent {method} {path} and was answered {response.status_code}: "
            f"{response.text}. Does `api` include parcels' router, without a prefix?"
        )


# - Every request for parcels leaves one line in the log `waybill.access`, with e-mail
# and path.
@pytest.mark.parametrize("email", EMAILS)
async def test_what_went_well_is_info(
    client: httpx.AsyncClient,
    lines: Lines,
    only: Only,
    body: Body,
    asking: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    email: str,
) -> None:
    """A request that went well leaves one line at INFO, with e-mail and path."""
    asking["email"] = email
    for method, path, _ in ALLOWED[: None if email == EMAIL else -1]:
        before = len(lines())
        await client.request(method, path, json=body if method == "POST" else None)
        others = {one.name for one in caplog.records if email in one.getMessage()}
        said = only(
            "INFO",
            f"{email} sent {method} {path}, all went well",
            f"There is one of the logger `{min(others)}`."
            if others - {"waybill.access"}
            else "Does include_router know the dependency, and does it log with the "
            "logger of this name when nothing was raised?",
            since=before,
        )
        for wanted in (email, path):
            assert wanted in said, f"{email} asked for {path}. The line: {said}"


# - The line has the level INFO once all went well, the commit included.
async def test_done_is_said_after_the_commit(
    client: httpx.AsyncClient,
    lines: Lines,
    only: Only,
    body: Body,
    engine: "AsyncEngine",
) -> None:
    """A line is written only when the session has been committed."""
    from sqlalchemy import event

    at_commit: list[int] = []

    @event.listens_for(engine.sync_engine, "commit")
    def count(_connection: object) -> None:
        at_commit.append(len(lines()))

    await client.post("/v1/parcels", json=body)
    assert at_commit[-1:] == [0], (
        "A parcel was handed in. When the session was about to be committed, the log "
        "had told how it ended already. Write below the yield; and a dependency with "
        'scope="function" ends before the session it came after.'
    )
    only("INFO", "A parcel was handed in and committed", "Say so below the `yield`.")


# - If anything was raised, the line has the level WARNING, and the exception goes on
# unchanged.
@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/v1/parcels/8", 404, "HTTPException"),
        ("/v1/parcels/0", 422, "RequestValidationError"),
        ("/v1/parcels?limit=0", 422, "RequestValidationError"),
    ],
)
async def test_what_was_refused_is_a_warning(
    client: httpx.AsyncClient,
    only: Only,
    crash: Callable[[], str],
    path: str,
    status: int,
    error: str,
) -> None:
    """A request that was refused leaves one line at WARNING, and keeps its status."""
    response = await client.get(path)
    what = f"Lena sent GET {path} and was answered {response.status_code}"
    assert response.status_code == status, f"{what} instead of {status}. {crash()}"
    other = (
        "Only what stands below the `yield`, outside of a `finally`, is skipped when "
        "something was raised."
    )
    said = only("WARNING", what, unnoticed(error), other)
    for wanted in (EMAIL, path.partition("?")[0]):
        assert wanted in said, f"{what}. The line lacks {wanted}: {said}"


async def test_an_unforeseen_error_goes_on(
    client: httpx.AsyncClient, app: FastAPI, only: Only, raised: list[Exception]
) -> None:
    """An error nobody foresaw leaves a line at WARNING, and goes on unchanged."""
    from waybill.parcels import own_parcel

    class SurpriseError(Exception):
        """What nobody has foreseen."""

    def broken() -> None:
        raise SurpriseError("the depot is under water")

    app.dependency_overrides[own_parcel] = broken
    response = await client.get(PATH)
    what = "A dependency raised a SurpriseError"
    arrived = type(raised[-1]).__name__ if raised else "nothing"
    assert arrived == "SurpriseError", (
        f"{what}. Outside arrived {arrived}, and the client was answered "
        f"{response.status_code}. Whoever looks for the cause needs it: `raise` it."
    )
    only("WARNING", what, unnoticed("SurpriseError"))


async def test_a_failed_commit_is_a_warning(
    client: httpx.AsyncClient,
    only: Only,
    body: Body,
    engine: "AsyncEngine",
    crash: Callable[[], str],
) -> None:
    """A commit that fails leaves one line at WARNING, and the client reads a 500."""
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    @event.listens_for(engine.sync_engine, "commit")
    def disk_full(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    status = (await client.post("/v1/parcels", json=body)).status_code
    assert status == 500, f"The commit failed, and the client was told {status}."
    none = f"{unnoticed('OperationalError')} {crash()}"
    done = "Say that it is done only when nothing was raised."
    only("WARNING", "The commit of a new parcel failed", none, done)


# - Of an exception, a line tells the class and nothing else.
async def test_what_was_sent_stays_out(
    client: httpx.AsyncClient, app: FastAPI, lines: Lines, body: Body
) -> None:
    """A line holds no text of an exception, no query string and no body."""
    from waybill.parcels import own_parcel

    def absent() -> None:
        raise HTTPException(404, "Nobody has it.")

    app.dependency_overrides[own_parcel] = absent
    for method, path, sent, text in (
        ("POST", "/v1/parcels", {"to": body["to"]}, body["to"]["street"]),
        ("GET", PATH, None, "Nobody has it."),
        ("GET", "/v1/parcels?after=0&secret=s3same", None, "s3same"),
    ):
        before = len(lines())
        await client.request(method, path, json=sent)
        new = lines()[before:]
        said = "".join(logging.Formatter().format(one) for one in new)
        said += " ".join(str(one.__dict__) for one in new)  # what `extra=` has added
        found = [one for one in (text, "\n") if one in said]
        assert not found, (
            f"Lena sent {method} {path}, and the log holds {found[0]!r}: "
            f"{said[:80]!r}… An exception's text, a traceback and the query string may "
            "hold what somebody sent. Tell the path, and the class at most."
        )


# - Line breaks and other control characters, in the path or the address, are escaped.
@pytest.mark.parametrize("escape", ["%0Ax", "%0D%7F%1B[2K", "%25s%E2%80%A8%C2%85", ""])
async def test_a_line_is_one_line(
    client: httpx.AsyncClient, only: Only, asking: dict[str, str], escape: str
) -> None:
    """Line breaks and control characters in a path or an address are escaped."""
    asking["email"] = EMAIL if escape else FORGED
    await client.get(f"/v1/parcels/8{escape}")
    what = f"{asking['email']!r} sent GET /v1/parcels/8{escape}"
    said = only("WARNING", what, unnoticed("The refusal"))
    assert said.isprintable(), (
        f"{what}. The line, as Python writes it, is {said!r}. Characters that break a "
        "line or move the cursor let others write lines of their own into your log. "
        "Write both texts as `!r` or `%r` does."
    )
    assert "/v1/parcels/8x" not in said, (
        f"{what}, and the line says: {said}. The line break is gone. `connection.url` "
        'loses it; `connection.scope["path"]` is the path that was asked for.'
    )


# - Rates ask for no account and leave no line.
async def test_rates_stay_without(
    client: httpx.AsyncClient, lines: Lines, asked: list[str]
) -> None:
    """Rates ask for no account and leave no line."""
    response = await client.get("/v1/rates/DE")
    assert response.status_code == 200, f"GET /v1/rates/DE: {response.text}"
    noted = [line.getMessage() for line in lines()]
    assert not [*noted, *asked], (
        f"GET /v1/rates/DE asked for {len(asked)} accounts and left the lines {noted}. "
        "Anybody may know the rates: give the dependency to the parcels alone."
    )


# - The docs list parcels below the tag `parcels`, and document their 404 with
# `NOT_FOUND`, as they do for the rates (lesson 03).
async def test_the_docs_tell_of_the_404(app: FastAPI) -> None:
    """The docs list parcels below the tag `parcels`, and document their 404."""
    from waybill.parcels import router

    try:
        described = app.openapi()["paths"]
    except ValueError as error:
        raise AssertionError(
            f"No docs: {error}. `responses=` takes NOT_FOUND as it is: its key is 404."
        ) from None
    rates_404 = described["/v1/rates/{country}"]["get"]["responses"]["404"]
    for one in (route for route in router.routes if isinstance(route, APIRoute)):
        path = f"/v1{one.path}"
        assert path in described, f"The docs know {sorted(described)}, not {path}."
        for method in one.methods:
            operation = described[path][method.lower()]
            tags = operation.get("tags", [])
            assert tags.count("parcels") == 1, (
                f"The docs give {method} {path} the tags {tags}; `parcels` is asked "
                "for, once."
            )
            found = operation["responses"].get("404")
            assert found == rates_404, (
                f"The docs of {method} {path} say of a 404: {found}. Rates document "
                f"theirs with NOT_FOUND: {rates_404}"
            )
