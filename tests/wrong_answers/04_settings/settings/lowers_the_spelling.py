#| kata: settings.settings
#| refused_by: test_environment_has_two_spellings
# Repairs what the brief refuses.
from typing import Annotated, Literal

from pydantic import BeforeValidator, SecretStr
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

    environment: Annotated[
        Literal["development", "production"], BeforeValidator(str.lower)
    ] = "development"
    database_url: str = "sqlite+aiosqlite:///waybill.db"
    secret_key: SecretStr = SecretStr(SAMPLE_KEY)
    allowed_origins: list[str] = []
