"""Checks of settings.get_settings: one reading a process, one answer an app."""

import gc
import os
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket

Connect = Callable[..., httpx.AsyncClient]


def forget() -> None:
    """Make `get_settings` forget, if it can."""
    from waybill.settings import get_settings

    getattr(get_settings, "cache_clear", bool)()


@pytest.fixture(autouse=True)
def clean_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """No `.env`, no variable of Waybill's, nothing read yet."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    forget()
    yield
    forget()


def app_with(database_url: str) -> FastAPI:
    """Return an app with settings of its own, and a question about them."""
    from waybill.settings import AppSettings, Settings

    app = FastAPI()
    app.state.settings = Settings(database_url=database_url)

    async def where(settings: AppSettings) -> str:
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


async def test_each_app_has_its_own(connect: Connect) -> None:
    """An endpoint gets `app.state.settings` of the app that was asked."""
    apps = [app_with("database-of-a"), app_with("database-of-b")]
    answers = []
    for app in (*apps, apps[0]):
        async with connect(app) as client:
            response = await client.get("/where")
        assert response.status_code == 200, (
            f"An endpoint with `settings: AppSettings` answered "
            f"{response.status_code}: {response.text}. AppSettings is an Annotated "
            "type whose Depends names your function."
        )
        answers.append(response.json())
    expected = ["database-of-a", "database-of-b", "database-of-a"]
    assert answers == expected, (
        f"Two apps in one process have app.state.settings of their own. Asked in turn, "
        f"they should say {expected}; they say {answers}. The settings of the process "
        "are not those of the app: look them up on the app that was asked."
    )


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


async def test_connections_are_let_go(connect: Connect) -> None:
    """Once it is answered, a request is let go: only `get_settings` remembers."""
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
