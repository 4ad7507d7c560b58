#| kata: settings.settings
#| refused_by: test_other_programs_variables_are_not_read
# With validate_by_name, pydantic-settings reads DATABASE_URL as well.
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_KEY = "for development only, never in production"


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
        validate_by_name=True,
    )

    environment: Literal["development", "production"] = Field(
        "development", validation_alias="WAYBILL_ENVIRONMENT"
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///waybill.db", validation_alias="WAYBILL_DATABASE_URL"
    )
    secret_key: SecretStr = Field(
        SecretStr(SAMPLE_KEY), validation_alias="WAYBILL_SECRET_KEY"
    )
    allowed_origins: list[str] = Field([], validation_alias="WAYBILL_ALLOWED_ORIGINS")
