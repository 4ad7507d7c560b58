"""Checks of settings.get_settings: one reading a process, one answer an app."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket

Connect = Callable[..., httpx.AsyncClient]
pytestmark = pytest.mark.usefixtures("forgotten")


def app_with(database_url: str, given: list[Any] | None = None) -> FastAPI:
    """Return an app with settings of its own, and a question about them.

    What its endpoints are given is appended to `given`.
    """
    from waybill.settings import AppSettings, Settings

    app = FastAPI()
    app.state.settings = Settings(environment="development", database_url=database_url)

    async def where(settings: AppSettings) -> str:
        if given is not None:
            given.append(settings)
        return getattr(settings, "database_url", f"a {type(settings).__name__}")

    async def live(socket: WebSocket, settings: AppSettings) -> None:
        await socket.accept()
        await socket.send_text(await where(settings))
        await socket.close()

    problem = None
    try:
        app.get("/where")(where)
        app.websocket("/live")(live)
    except Exception as error:  # noqa: BLE001 - FastAPI refuses a type in many ways
        problem = error
    assert problem is None, (
        "FastAPI can't make an endpoint with the parameter `settings: AppSettings`: "
        f"{problem}. AppSettings is an Annotated type whose Depends names your "
        "function."
    )
    return app


# - `get_settings()` returns a `Settings`, read when it is first called.
def test_settings_are_read_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """`get_settings()` returns a `Settings`, read when it is first called."""
    from waybill.settings import Settings, get_settings

    monkeypatch.setenv("WAYBILL_DATABASE_URL", "first-read")
    settings = get_settings()
    assert isinstance(settings, Settings), (
        f"get_settings() returned {settings!r}, not a Settings. Return what the class "
        "gives when you call it."
    )
    assert settings.database_url == "first-read", (
        "WAYBILL_DATABASE_URL was set before get_settings() was first called, and "
        f"database_url is {settings.database_url!r}. Call Settings() inside the "
        "function, not when the module is imported. If you do: is the cell of settings "
        "green?"
    )


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call returns the same object, and the environment is read once."""
    from waybill.settings import get_settings

    first = get_settings()
    monkeypatch.setenv("WAYBILL_DATABASE_URL", "changed-later")
    again = [get_settings() for _ in range(3)]
    assert all(one is first for one in again), (
        "get_settings() was called four times and gave different objects; the last one "
        f"has database_url={again[-1].database_url!r}. Each call reads the environment "
        "and .env anew. Let functools remember the first answer."
    )


# - After `get_settings.cache_clear()` the next call reads again, so that a test can
def test_cache_clear_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """After `get_settings.cache_clear()` the next call reads the environment again."""
    from waybill.settings import get_settings

    assert hasattr(get_settings, "cache_clear"), (
        "get_settings has no cache_clear(), so a test can't make it read again. The "
        "decorators of functools that remember bring it along."
    )
    for text in ("one", "two"):
        monkeypatch.setenv("WAYBILL_DATABASE_URL", text)
        get_settings.cache_clear()
        found = get_settings().database_url
        assert found == text, (
            f"After cache_clear(), with WAYBILL_DATABASE_URL={text}, database_url is "
            f"{found!r}. Call Settings() inside the function, not beside it."
        )


# - An endpoint's parameter `settings: AppSettings` is the object `app.state.settings`
# of the app that was asked.
async def test_each_app_has_its_own(connect: Connect) -> None:
    """An endpoint gets the object `app.state.settings` of the app that was asked."""
    given: list[Any] = []
    one = app_with("sqlite+aiosqlite://", given)
    other = app_with("sqlite+aiosqlite:///other.db", given)
    for app in (one, other, one):
        async with connect(app) as client:
            response = await client.get("/where")
        advice = "AppSettings is an Annotated type whose Depends names your function."
        if '"query"' in response.text:
            advice = (
                "FastAPI takes the parameter of app_settings from the query: give it "
                "the type HTTPConnection, and FastAPI passes the connection on."
            )
        assert response.status_code == 200, (
            f"An endpoint with `settings: AppSettings` answered "
            f"{response.status_code}: {response.text}. {advice}"
        )
        expected = app.state.settings.database_url
        assert response.json() == expected, (
            f"Two apps in one process have settings of their own. The one whose "
            f"database is {expected!r} was asked, and its endpoint was given "
            f"{response.json()!r}. The settings of the process are not those of the "
            "app: look them up on the app that was asked."
        )
        assert given[-1] is app.state.settings, (
            "The endpoint was given a copy of app.state.settings. Its random key may "
            "be another one: hand out the object itself."
        )


async def test_they_are_looked_up_each_time(connect: Connect) -> None:
    """It is what `app.state.settings` is at that time, whatever the request says."""
    from waybill.settings import Settings

    given: list[Any] = []
    app = app_with("first", given)
    async with connect(app) as client:
        for number, query in enumerate(("", "?settings=x&database_url=y", "?a=b")):
            mine = Settings(environment="development", database_url=f"number-{number}")
            app.state.settings = mine
            headers = {"X-Settings": "z", "Host": f"host{number}.example"}
            response = await client.get(f"/where{query}", headers=headers)
            assert response.is_success, (
                f"GET /where{query} was answered {response.status_code}: "
                f"{response.text}. The settings are no business of the client's."
            )
            assert given[-1] is mine, (
                "app.state.settings was given another object, as a test may do, and "
                f"the endpoint still got {given[-1]!r}. Look it up at each request."
            )


# - A WebSocket, a connection that stays open, can have that parameter, too.
async def test_a_websocket_gets_them_too() -> None:
    """A WebSocket gets the settings of its app as well."""
    app = app_with("database-of-live")
    sent: list[dict[str, Any]] = []
    inbox = iter([{"type": "websocket.connect"}])

    async def receive() -> dict[str, Any]:
        return next(inbox, {"type": "websocket.disconnect", "code": 1000})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/live", "query_string": b"", "headers": []}
    problem = None
    try:
        await app(scope, receive, send)
    except TypeError as error:
        problem = error
    assert problem is None, (
        f"A WebSocket with `settings: AppSettings` ended in TypeError: {problem}. "
        "FastAPI fills a parameter of type Request for requests alone. Take the class "
        "that a Request and a WebSocket both are."
    )
    texts = [message["text"] for message in sent if "text" in message]
    assert texts == ["database-of-live"], (
        f"A WebSocket whose app has the database 'database-of-live' was told {texts}. "
        "It should get the settings of its app, as a request does."
    )


# - `app_settings` remembers nothing: a cache on it would keep every request that ever
# came.
async def test_connections_are_let_go(connect: Connect) -> None:
    """No answered request stays in memory: only `get_settings` remembers."""
    from waybill.settings import AppSettings

    app = app_with("database-of-many")
    requests: list[weakref.ref[Request]] = []

    async def busy(request: Request, _settings: AppSettings) -> None:
        requests.append(weakref.ref(request))

    app.get("/busy")(busy)
    async with connect(app, raise_app_exceptions=False) as client:
        for _ in range(3):
            await client.get("/busy")
    gc.collect()
    assert len(requests) == 3, (
        f"Of three requests to an endpoint with AppSettings, {len(requests)} arrived. "
        "Do the checks above hold?"
    )
    # A thread may hold on to its last one for a moment; the first is long gone.
    assert requests[0]() is None, (
        "Three requests were answered, and the first of them is still in memory, as "
        "every later one would be. A cache keeps its arguments, and each connection "
        "is another one. Of the two functions, get_settings alone should remember."
    )
