"""What the checks of this lesson share: an empty environment, and safe settings."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from pydantic_settings import BaseSettings

if TYPE_CHECKING:
    from waybill.settings import Settings

Read = Callable[..., "Settings"]
Refusal = Callable[..., ValueError | None]

FIELDS = ("environment", "database_url", "secret_key", "allowed_origins")
KEY = "k9-" * 10 + "ok"  # 32 bytes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder without a `.env`, and no variable that Waybill might read."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_") or name.lower() in FIELDS:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Let `get_settings` forget before and after a check, if it can."""
    from waybill.settings import get_settings

    getattr(get_settings, "cache_clear", bool)()
    yield
    getattr(get_settings, "cache_clear", bool)()


@pytest.fixture
def settings() -> "Callable[..., Settings]":
    """Return a function that makes settings for an environment, with a safe key."""

    def made(environment: str = "development", **others: object) -> "Settings":
        from waybill.settings import Settings

        given: dict[str, Any] = {"environment": environment, "secret_key": KEY}
        return Settings(**given | others)

    return made


@pytest.fixture
def make(settings: "Callable[..., Settings]") -> Callable[..., FastAPI]:
    """Return a function that makes a Waybill with settings that are safe."""

    def made(environment: str = "development", **others: object) -> FastAPI:
        from waybill.app import create_app

        app = create_app(settings(environment, **others))
        assert isinstance(app, FastAPI), (
            f"create_app(settings) should return a FastAPI app; yours returned {app!r}."
        )
        return app

    return made


@pytest.fixture
def settings_module() -> Callable[..., ModuleType]:
    """Return a function that runs waybill/settings.py anew, as another process would.

    `optimize=1` is what `python -O` does.
    """

    def fresh(optimize: int = 0) -> ModuleType:
        import waybill.settings

        path = Path(waybill.settings.__file__)
        module = ModuleType("waybill.settings")
        module.__file__ = str(path)
        source = path.read_text(encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sys.modules, "waybill.settings", module)
            exec(compile(source, path, "exec", optimize=optimize), module.__dict__)  # noqa: S102
        return module

    return fresh


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """Return a function that reads with these variables set, and returns the error."""

    def error_of(**variables: str) -> ValueError | None:
        from waybill.settings import Settings

        with monkeypatch.context() as place:
            for name, value in variables.items():
                place.setenv(name, value)
            try:
                Settings()
            except ValueError as error:
                return error
        return None

    return error_of


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads the settings with these variables set."""

    def settings_with(advice: str = "", /, **variables: str) -> "Settings":
        from waybill.settings import Settings

        place = f"variables {variables}" if variables else "no variables"
        for file in Path().glob(".env"):
            text = file.read_text(encoding="utf-8")
            place += f" and a .env that says {text!r}" if text else " and an empty .env"
        settings, refused = None, ""
        with monkeypatch.context() as environment:
            for name, value in variables.items():
                environment.setenv(name, value)
            try:
                settings = Settings()
            except (TypeError, ValueError) as error:
                refused = mistakes(error)
        assert settings, f"With {place}, Settings() was refused: {refused}. {advice}"
        return settings

    return settings_with


def mistakes(error: TypeError | ValueError) -> str:
    """Return what was wrong, as far as it is known, in one line."""
    if isinstance(error, TypeError):
        return f"{error} (default_factory takes a function, without brackets)"
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
    )


@pytest.fixture
def where_it_looks() -> Callable[[str], str]:
    """Return a function that says where a field is looked for, if that is wrong."""

    def advice(field: str) -> str:
        from waybill.settings import Settings

        if not issubclass(Settings, BaseSettings):
            return "Settings() doesn't read it: keep BaseSettings as its base."
        config = Settings.model_config
        alias = Settings.model_fields[field].validation_alias
        prefix = config.get("env_prefix", "")
        if alias:
            return (
                f"It has the alias {alias!r}, which is looked for instead of its name."
            )
        if not prefix:
            return "Give the whole class a prefix, in its model_config."
        if prefix.upper() != "WAYBILL_":
            return f"The prefix {prefix!r} and the field's name are joined as they are."
        if config.get("case_sensitive"):
            return f"With case_sensitive, your class looks for {prefix}{field} instead."
        return "Your class has the right prefix: what else changes what it reads?"

    return advice
