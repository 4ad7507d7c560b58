#| kata: settings.settings
#| refused_by: test_other_programs_variables_are_not_read
# With validate_by_name, pydantic-settings reads DATABASE_URL as well.
import secrets
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def random_key() -> SecretStr:
    """Return a key that nobody knows, and that ends with this process."""
    return SecretStr(secrets.token_urlsafe(32))


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
        validate_by_name=True,
    )

    environment: Literal["development", "production"] = Field(
        "production", validation_alias="WAYBILL_ENVIRONMENT"
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///waybill.db", validation_alias="WAYBILL_DATABASE_URL"
    )
    secret_key: SecretStr = Field(
        default_factory=random_key, validation_alias="WAYBILL_SECRET_KEY"
    )
    allowed_origins: list[str] = Field([], validation_alias="WAYBILL_ALLOWED_ORIGINS")
