#| kata: settings.settings
#| refused_by: test_each_field_has_a_variable
# With case_sensitive, the variable would be WAYBILL_environment.
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_KEY = "for development only, never in production"


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        case_sensitive=True,
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite+aiosqlite:///waybill.db"
    secret_key: SecretStr = SecretStr(SAMPLE_KEY)
    allowed_origins: list[str] = []
