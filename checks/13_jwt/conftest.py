"""What the checks of this lesson share: zones, clients, and runs of pytest."""

import asyncio
import re
import sqlite3
import sys
import time
import types
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from pydantic import SecretStr
from starlette.middleware.base import RequestResponseEndpoint
from starlette.routing import compile_path

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine
    from starlette.types import ASGIApp, Receive, Scope, Send

Connect = Callable[..., httpx.AsyncClient]
RunPytest = Callable[..., SimpleNamespace]
Plant = Callable[[FastAPI], None]
Run = Callable[..., SimpleNamespace]


ZONES = {"+05:45": "ODD-05:45", "-03:30": "ODD+03:30"}
"""Offsets from UTC that no half-right answer hits, as POSIX spells them."""


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let this computer's own time be far from UTC; return its offset.

    Windows has no way to change it for one process: there the test runs as it is.
    """
    if not hasattr(time, "tzset"):
        yield "its own"
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", ZONES[request.param])
        time.tzset()
        yield request.param
    time.tzset()


@pytest.fixture
def fail(engine: "AsyncEngine") -> Callable[[str], None]:
    """Return a function that lets the database fail from now on, for a reason."""
    from sqlalchemy import event, exc

    full = sqlite3.OperationalError("database or disk is full")
    bare = sqlite3.OperationalError("no such table: accounts")
    raised: dict[str, Exception] = {
        "the disk is full": exc.OperationalError("SELECT …", {}, full),
        "a table is missing": exc.OperationalError("SELECT …", {}, bare),
        "no connection is free": exc.TimeoutError("QueuePool limit of size 5 reached"),
        "it is gone": ConnectionRefusedError("connection refused"),
    }

    def let_fail(reason: str) -> None:
        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def give_up(*_details: object) -> None:
            raise raised[reason]

    return let_fail


class CheapPasswords:
    """Stands in for Argon2, which takes its time on purpose."""

    async def hash(self, password: SecretStr) -> str:
        """Return what verify compares with."""
        return f"hash of {password.get_secret_value()}"

    async def verify(self, password: SecretStr, hashed: str) -> tuple[bool, str | None]:
        """Return whether it is the password, and a new hash for an old one."""
        new = await self.hash(password)
        return hashed in {new, f"old {new}"}, None if hashed == new else new


@pytest.fixture
def cheap_passwords() -> type[CheapPasswords]:
    """What to put in the place of `app_passwords`."""
    return CheapPasswords


class NoteCrash:
    """Middleware that notes the last exception which ended in a 500."""

    def __init__(self, app: "ASGIApp", noted: dict[str, str]) -> None:
        self.app = app
        self.noted = noted

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, and the exception as well."""
        self.noted["crash"] = ""
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            told = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(" .")
            self.noted["crash"] = f" It ended with {told}.{advice(error)}"
            raise


def advice(error: Exception) -> str:
    """Return what to try after a slip that everybody makes."""
    if "'coroutine' object" in str(error):
        return " Is there an `await` missing?"
    if "HTTPException" in str(error):
        return " An HTTPException refuses only if it is raised, not returned."
    return ""


@pytest.fixture
def noted() -> dict[str, str]:
    """How the last request crashed, under "crash"; an empty text if it didn't."""
    return {"crash": ""}


@pytest.fixture
def visit(connect: Connect, noted: dict[str, str]) -> Connect:
    """Return a function that opens a client, to which a crash is a 500, as on a server.

    Verdicts show that there was a token, and not the token.
    """

    async def hide_token(request: httpx.Request) -> None:
        shown = request.extensions["exchange"]
        for part in ("request", "sent"):
            shown[part] = re.sub(r"eyJ[\w.-]{40,}", "(a token)", shown[part])

    def client_for(app: FastAPI) -> httpx.AsyncClient:
        app.add_middleware(NoteCrash, noted=noted)
        client = connect(app, raise_app_exceptions=False)
        client.event_hooks["request"].append(hide_token)
        return client

    return client_for


@pytest.fixture
async def client(visit: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app of a file's checks, which reads a 500 as from a server."""
    async with visit(app) as client:
        yield client


@pytest.fixture
def run(run_pytest: RunPytest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs the learner's tests, on a changed Waybill if asked.

    A plant is called with each app that is made; a `bare` Waybill has only its health.
    """
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    # At its end this plugin of pytest collects garbage for as long as all else takes.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:unraisableexception")

    def pytest_configure(config: pytest.Config) -> None:
        config.option.tbstyle = "native"  # nobody reads the tracebacks

    plugin = types.ModuleType("plugin")
    plugin.__file__ = plugin.__name__
    setattr(plugin, pytest_configure.__name__, pytest_configure)

    from tests import test_guards

    file = str(test_guards.__file__)

    def run(plant: Plant | None = None, *, bare: bool = False) -> SimpleNamespace:
        import waybill.api
        import waybill.app

        with monkeypatch.context() as patch:
            grown = [*waybill.app.extensions, *([plant] if plant else [])]
            patch.setattr(waybill.app, "extensions", grown)
            if bare:
                patch.setattr(waybill.api.api, "routes", [])
            # An app that a module made when it was imported has not changed.
            for module in ("waybill.main", "tests.test_guards"):
                patch.delitem(sys.modules, module, raising=False)
            return run_pytest(file, plugin)

    return run


@pytest.fixture
def explain_red(run: Run) -> Callable[[SimpleNamespace], str]:
    """Return what says why a learner's test is red on a Waybill that may be right."""

    def explain(outcome: SimpleNamespace) -> str:
        if hole := asyncio.run(find_hole()):
            return f"Your test is red, and may be right: {hole}"
        asked: list[Asked] = []
        run(noting(asked))
        return (
            f"Waybill lets nobody in, and a test ended with {outcome.story}. "
            f"{advice_on(str(outcome.problems[0]), asked)}"
        )

    return explain


class Asked(NamedTuple):
    """A request of the learner's test, and how it was answered."""

    request: str
    path: str
    """The path of its route, with the braces; empty if Waybill has none like it."""
    status: int


def noting(asked: list[Asked]) -> Plant:
    """Return a plant: it notes each request that a test sends."""

    def plant(app: FastAPI) -> None:
        @app.middleware("http")
        async def note(request: Request, go_on: RequestResponseEndpoint) -> Response:
            response = await go_on(request)
            path = (
                route_of(app, request.url.path) if "endpoint" in request.scope else ""
            )
            sent = f"{request.method} {request.url.path}"
            asked.append(Asked(sent, path, response.status_code))
            return response

    return plant


def route_of(app: FastAPI, path: str) -> str:
    """Return the path that a route was given for what was asked for."""
    known = [str(route.path) for route in iter_route_contexts(app.routes)]
    return next(
        (one for one in sorted(known) if compile_path(one)[0].match(path)), path
    )


def advice_on(problem: str, asked: list[Asked]) -> str:
    """Say what may have made a test disagree with a Waybill that is right."""
    if "async" in problem and "natively" in problem:
        return "Is every async test marked with @pytest.mark.anyio?"
    if not asked:
        return (
            "It sent no request at all: its loop visited nothing. Routers that were "
            "included lie a level below `app.routes`, and what iter_route_contexts "
            "yields is no APIRoute: whether it has `methods` is what counts."
        )
    let_in = [one for one in asked if one.status != 401]
    if not let_in:
        return "All that it asked for was answered 401. Look at what else it compares."
    request, path, status = let_in[0]
    if not path:
        return (
            f"It asked for {request}, and Waybill has no such path. Is the prefix "
            "missing? What iter_route_contexts yields has a `path` with all prefixes."
        )
    told = f"It asked for {request} and read a {status}. "
    if "{" in path:
        return (
            f"{told}That is the route {path}: look for this path in PUBLIC, with its "
            "braces, and put the number in only when you send the request."
        )
    return (
        f"{told}If it is a route that anybody may ask for, PUBLIC should name it, by "
        "method and path. If it is private, was it asked without a token?"
    )


async def find_hole() -> str:
    """Say which route of Waybill itself lets anybody in; nothing if none does."""
    from sqlalchemy.ext.asyncio import async_sessionmaker

    from waybill.app import create_app
    from waybill.settings import Settings

    app = create_app(
        Settings(environment="development", secret_key=SecretStr("k" * 40))
    )
    app.state.sessions = async_sessionmaker()  # bound to nothing
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://w") as client:
        for kata, path in (
            ("jwt.read_me", "/v1/me"),
            ("jwt.current_account", "/v1/parcels"),
        ):
            status = (await client.get(path)).status_code
            if status not in (401, 404):
                return (
                    f"GET {path} answers {status} without a token. The kata {kata} "
                    "closes that hole."
                )
    return ""
