"""Checks of settings.main: the module that a server imports."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
KEY = "k9-" * 10 + "ok"  # 32 bytes
pytestmark = pytest.mark.usefixtures("forgotten")


def run_main() -> object:
    """Run main.py as a server's import does; return its `app`."""
    import waybill

    main = Path(str(waybill.__file__)).with_name("main.py")
    return runpy.run_path(str(main), run_name="waybill.main").get("app")


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that sets variables and imports main.py."""

    def app_with(**variables: str) -> object:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        app, ended = None, None
        try:
            app = run_main()
        except SystemExit as error:
            ended = error
        assert ended is None, (
            f"With {variables or 'nothing'} set, importing waybill.main raised "
            f"{ended!r}, which ends the process of whoever imports it. A module that "
            "is imported leaves that to its server."
        )
        return app

    return app_with


# - `app` is the whole of Waybill, made by `create_app` with the settings that
# `get_settings()` returns.
@pytest.mark.parametrize("path", ["/health", "/v1/rates/NL", "/docs"])
async def test_app_is_waybill(
    imported: Callable[..., Any], connect: Connect, path: str
) -> None:
    """`app` is the whole of Waybill: its routes and its docs answer."""
    app = imported(WAYBILL_ENVIRONMENT="development")
    assert isinstance(app, FastAPI), (
        f"waybill.main was imported, and its `app` is a {type(app).__name__}; a server "
        "wants a FastAPI app. Call the factory, and name the result app."
    )
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get(path)
    assert response.status_code == 200, (
        f"GET {path} answered {response.status_code}. Has this app been through your "
        "factory? Without it, it has none of Waybill's routes. If it has: are the "
        "cells above green?"
    )


async def test_settings_are_read_once(imported: Callable[..., Any]) -> None:
    """Its settings are those that `get_settings()` returns, read once."""
    from waybill.settings import get_settings

    app = imported(
        WAYBILL_ENVIRONMENT="development",
        WAYBILL_DATABASE_URL="sqlite+aiosqlite:///once.db",
    )
    assert app.state.settings is get_settings(), (
        "The app has other settings than get_settings() returns: the environment was "
        "read twice, and may have changed in between. Take them from get_settings()."
    )


# - The environment decides: with `WAYBILL_ENVIRONMENT=production`, it is a Waybill for
# production.
@pytest.mark.parametrize("environment", ["production", "development"])
async def test_environment_decides(
    imported: Callable[..., Any], connect: Connect, environment: str
) -> None:
    """The environment decides: `WAYBILL_ENVIRONMENT=production` is obeyed."""
    app = imported(WAYBILL_ENVIRONMENT=environment, WAYBILL_SECRET_KEY=KEY)
    async with connect(app, raise_app_exceptions=False) as client:
        response = await client.get("/health")
        document = await client.get("/openapi.json")
    said = response.json() if response.is_success else {}
    assert said.get("environment") == environment, (
        f"With WAYBILL_ENVIRONMENT={environment}, GET /health says {response.text}. "
        "Hand the factory the settings that were read from outside. If you do: are the "
        "cells above green?"
    )
    expected = 404 if environment == "production" else 200
    assert document.status_code == expected, (
        f"With WAYBILL_ENVIRONMENT={environment}, GET /openapi.json answers "
        f"{document.status_code}, not {expected}. Let the factory make the app."
    )


# - Unsafe settings stop the import: `UnsafeSettingsError` passes on to the server.
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"WAYBILL_ENVIRONMENT": "production", "WAYBILL_SECRET_KEY": "hunter2"},
        {"WAYBILL_SECRET_KEY": KEY, "WAYBILL_ALLOWED_ORIGINS": '["*"]'},
    ],
)
def test_unsafe_settings_stop_the_import(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    """Unsafe settings stop the import with `UnsafeSettingsError`."""
    from waybill.settings import UnsafeSettingsError

    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    what = f"With {variables}" if variables else "With no variable set"
    error: BaseException | None = None
    try:
        run_main()
    except (NameError, TypeError):
        raise  # a slip, such as an import that is missing: its line says more
    except (Exception, SystemExit) as raised:  # noqa: BLE001 - see below
        error = raised
    assert error, (
        f"{what}, importing waybill.main went through, and a server would serve it. "
        "Let the exception of the factory pass."
    )
    assert not isinstance(error, SystemExit), (
        f"{what}, importing waybill.main raised {error!r}, which ends the process of "
        "whoever imports it, a test's as well. Let UnsafeSettingsError pass: a server "
        "that meets it doesn't start, and shows it."
    )
    assert isinstance(error, UnsafeSettingsError), (
        f"{what}, importing waybill.main ended in {error!r}, not in "
        "UnsafeSettingsError. Is the cell of refuse_unsafe green? Then let the "
        "exception pass as it is."
    )
