"""What may differ between the places where Waybill runs."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

import waybill
from waybill.settings import (
    Settings,
    UnsafeSettingsError,
    get_settings,
    refuse_unsafe,
)

EXAMPLE = Path(__file__).parents[2] / ".env.example"


# needs: settings.settings
def test_with_nothing_set_it_is_production_with_a_key_of_its_own() -> None:
    first, second = Settings(), Settings()
    assert first.environment == "production"
    assert first.secret_key != second.secret_key


def test_a_setting_comes_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYBILL_DATABASE_URL", "sqlite+aiosqlite:///other.db")
    assert Settings().database_url == "sqlite+aiosqlite:///other.db"


def test_no_key_is_shown() -> None:
    assert "kkkk" not in repr(Settings(secret_key=SecretStr("k" * 32)))


def variables() -> Iterator[str]:
    """Yield every variable that Waybill reads."""
    for module in pkgutil.iter_modules(waybill.__path__, "waybill."):
        if module.name != "waybill.main":  # it starts Waybill
            importlib.import_module(module.name)
    for kind in BaseSettings.__subclasses__():
        if kind.__module__.startswith("waybill."):
            prefix = str(kind.model_config.get("env_prefix", ""))
            yield from (f"{prefix}{name}".upper() for name in kind.model_fields)


def test_the_example_lists_every_variable() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    listed = set(re.findall(r"^(?:# )?(WAYBILL_\w+)=", text, re.MULTILINE))
    assert listed == {*variables()}


# needs: settings.settings settings.refuse_unsafe
@pytest.mark.parametrize(
    ("key", "origins", "named"),
    [
        ("k" * 31, [], "WAYBILL_SECRET_KEY"),
        ("k" * 32, ["*"], "WAYBILL_ALLOWED_ORIGINS"),
    ],
)
def test_production_refuses_what_is_unsafe(
    key: str, origins: list[str], named: str
) -> None:
    with pytest.raises(UnsafeSettingsError, match=named):
        refuse_unsafe(Settings(secret_key=SecretStr(key), allowed_origins=origins))


def test_production_refuses_a_key_that_was_made_up() -> None:
    with pytest.raises(UnsafeSettingsError, match="WAYBILL_SECRET_KEY"):
        refuse_unsafe(Settings())


def test_development_needs_no_key_and_production_a_good_one() -> None:
    refuse_unsafe(Settings(environment="development"))
    refuse_unsafe(Settings(secret_key=SecretStr("k" * 32)))


# needs: settings.settings settings.get_settings
def test_settings_are_read_once() -> None:
    get_settings.cache_clear()
    assert get_settings() is get_settings()
    get_settings.cache_clear()
