#| kata: settings.settings
#| refused_by: test_no_key_stands_in_the_code
# Random in production, and published in development.
import secrets
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def random_key(data: dict[str, object]) -> SecretStr:
    """Return a random key in production, and a known one in development."""
    if data.get("environment") == "development":
        return SecretStr("for development only, never in production")
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
