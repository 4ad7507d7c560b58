#| kata: settings.settings
#| refused_by: test_environment_has_two_spellings
# Takes what it doesn't know for development.
from typing import Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_KEY = "for development only, never in production"


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite+aiosqlite:///waybill.db"
    secret_key: SecretStr = SecretStr(SAMPLE_KEY)
    allowed_origins: list[str] = []

    @field_validator("environment", mode="before")
    @classmethod
    def know(cls, value: object) -> object:
        """Take what is not known for development."""
        return value if value in ("production", None) else "development"
