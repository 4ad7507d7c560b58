#| kata: settings.settings
#| refused_by: test_origins_are_a_list
# Splits at commas, so JSON comes out with brackets and quotes.
import secrets
from typing import Annotated, Literal

from pydantic import Field, field_validator, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
    allowed_origins: Annotated[list[str], NoDecode] = []

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """Split at commas."""
        return value.split(",") if isinstance(value, str) else value
