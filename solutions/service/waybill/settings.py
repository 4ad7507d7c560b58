"""What may differ between the places where Waybill runs."""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends
from fastapi.requests import HTTPConnection
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


# kata: settings.settings
def random_key() -> SecretStr:
    """Return a key that nobody knows, and that ends with this process."""
    return SecretStr(secrets.token_urlsafe(32))


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "production"
    database_url: str = "sqlite+aiosqlite:///waybill.db"
    secret_key: SecretStr = Field(default_factory=random_key)
    allowed_origins: list[str] = []


# kata: settings.refuse_unsafe
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment == "development":
        return
    problems = []
    key = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set or len(key.encode()) < 32:
        problems.append("WAYBILL_SECRET_KEY needs 32 bytes that nobody else knows")
    if "*" in settings.allowed_origins:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        advice = "On your own machine, set WAYBILL_ENVIRONMENT=development."
        raise UnsafeSettingsError(f"{'; '.join(problems)}. {advice}")


# kata: deploy.secrets
@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once; secrets may be files."""
    folder = os.environ.get("WAYBILL_SECRETS_DIR") or None
    if folder and not Path(folder).is_dir():
        raise UnsafeSettingsError(f"WAYBILL_SECRETS_DIR is no folder: {folder}")
    return Settings(_secrets_dir=folder)  # type: ignore[call-arg]


async def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
