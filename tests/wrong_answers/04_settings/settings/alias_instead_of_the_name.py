#| kata: settings.settings
#| refused_by: test_no_field_may_be_none
# With an alias alone, a value passed by name is dropped without a word.
from typing import Literal

from pydantic import Field, SecretStr
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
    database_url: str = Field(
        "sqlite+aiosqlite:///waybill.db", validation_alias="WAYBILL_DATABASE_URL"
    )
    secret_key: SecretStr = SecretStr(SAMPLE_KEY)
    allowed_origins: list[str] = []
