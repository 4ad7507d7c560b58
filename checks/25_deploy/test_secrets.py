"""Checks of deploy.secrets: settings from files that only Waybill can read."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LONG = "of-a-file-and-at-least-32-bytes-long"
OTHER = "of-the-environment-and-32-bytes-long"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings from here, and none that are remembered."""
    from waybill.settings import get_settings

    for name in ("SECRET_KEY", "DATABASE_URL", "ENVIRONMENT", "SECRETS_DIR"):
        monkeypatch.delenv(f"WAYBILL_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets, as Docker and Kubernetes make it."""
    found = tmp_path / "a folder" / "secrets"
    found.mkdir(parents=True)
    monkeypatch.setenv("WAYBILL_SECRETS_DIR", str(found))
    return found


def settings() -> Any:  # noqa: ANN401
    """Return the settings of this process."""
    from waybill.settings import get_settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return get_settings()


# - In the folder that `WAYBILL_SECRETS_DIR` names, a file `waybill_secret_key` holds
def test_a_file_holds_a_setting(folder: Path) -> None:
    """A file holds the setting whose name it has, without the line's end."""
    (folder / "waybill_secret_key").write_text(f"{LONG}\n", encoding="utf-8")
    url = "postgresql+asyncpg://waybill:secret@database/waybill"
    (folder / "waybill_database_url").write_text(url, encoding="utf-8")
    found = settings()
    assert found.secret_key.get_secret_value() == LONG, (
        "The file waybill_secret_key holds a key, and the settings have another one."
    )
    assert "secret_key" in found.model_fields_set, (
        "The key came from a file, and the settings believe that it was made up: in "
        "production they would be refused."
    )
    assert found.database_url == url, (
        f"The file waybill_database_url holds {url!r}; it was {found.database_url!r}."
    )


# - A variable wins over a file.
def test_a_variable_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable wins over a file."""
    (folder / "waybill_secret_key").write_text(LONG, encoding="utf-8")
    monkeypatch.setenv("WAYBILL_SECRET_KEY", OTHER)
    found = settings().secret_key.get_secret_value()
    assert found == OTHER, (
        "A file and the variable WAYBILL_SECRET_KEY hold two keys, and the file won."
    )


# - A folder that is named and isn't there is an `UnsafeSettingsError`, which names
@pytest.mark.parametrize("what", ["nothing", "a file"])
def test_a_missing_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """A folder that is named and isn't there is refused, by its name."""
    from waybill.settings import UnsafeSettingsError

    path = tmp_path / "elsewhere"
    if what == "a file":
        path.write_text("a key", encoding="utf-8")
    monkeypatch.setenv("WAYBILL_SECRETS_DIR", str(path))
    monkeypatch.setenv("WAYBILL_SECRET_KEY", OTHER)
    try:
        found = settings()
    except UnsafeSettingsError as error:
        said = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        raise AssertionError(
            f"WAYBILL_SECRETS_DIR names {what}, and that was {type(error).__name__}: "
            f"{error}. Wanted is an UnsafeSettingsError."
        ) from None
    else:
        raise AssertionError(
            f"WAYBILL_SECRETS_DIR names {what}, and the settings were made all the "
            f"same: {found.database_url!r}. A misspelled folder would be noticed by "
            "nobody, and Waybill would use a database of its own."
        )
    named = [one for one in ("WAYBILL_SECRETS_DIR", str(path)) if one in said]
    assert len(named) == 2, (
        f"The error says {said!r}; wanted is one with WAYBILL_SECRETS_DIR and the "
        "folder."
    )


# - Without `WAYBILL_SECRETS_DIR`, or with an empty one, everything is as before, and
@pytest.mark.parametrize("value", [None, ""])
def test_without_a_folder_all_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """Without a folder everything is as before."""
    (tmp_path / "waybill_database_url").write_text("sqlite+aiosqlite://", "utf-8")
    if value is not None:
        monkeypatch.setenv("WAYBILL_SECRETS_DIR", value)
    monkeypatch.setenv("WAYBILL_SECRET_KEY", OTHER)
    found = settings()
    assert found.secret_key.get_secret_value() == OTHER
    assert found.database_url == "sqlite+aiosqlite:///waybill.db", (
        f"WAYBILL_SECRETS_DIR is {value!r}, and the database is {found.database_url!r}."
    )


# - Without `WAYBILL_SECRETS_DIR`, or with an empty one, everything is as before, and
# settings are read once.
def test_settings_are_read_once(folder: Path) -> None:
    """Settings are read once."""
    first = settings()
    (folder / "waybill_secret_key").write_text(LONG, encoding="utf-8")
    assert settings() is first, (
        "Two calls made two settings: without a key of its own, each would sign tokens "
        "that the other one refuses."
    )
