#| kata: settings.settings
#| refused_by: test_the_key_is_never_shown
# Hides the key from print, and dumps it.
from typing import Literal

from pydantic import Field
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
    secret_key: str = Field(SAMPLE_KEY, repr=False)
    allowed_origins: list[str] = []
