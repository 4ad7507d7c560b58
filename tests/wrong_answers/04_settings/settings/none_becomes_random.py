#| kata: settings.settings
#| refused_by: test_values_may_be_passed_by_name
# A validator quietly makes a key of None.
import secrets
from typing import Any, Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
        validate_default=True,
    )

    environment: Literal["development", "production"] = "production"
    database_url: str = "sqlite+aiosqlite:///waybill.db"
    secret_key: SecretStr = None  # type: ignore[assignment]
    allowed_origins: list[str] = []

    @field_validator("secret_key", mode="before")
    @classmethod
    def make_key(cls, value: Any) -> Any:
        """Make a key where there is none."""
        return value if value is not None else secrets.token_urlsafe(32)
