"""What the checks of jwt.guards need: their run of pytest, and a look for holes."""

import asyncio
import sys
import types
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

RunPytest = Callable[..., SimpleNamespace]
Plant = Callable[[FastAPI], None]
Run = Callable[..., SimpleNamespace]


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
def hole_on_disk() -> Callable[[], str]:
    """Return what says which route of Waybill itself lets anybody in, or nothing."""
    return lambda: asyncio.run(find_hole())


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
                return f"GET {path} answers {status} without a token: see {kata}."
    return ""
