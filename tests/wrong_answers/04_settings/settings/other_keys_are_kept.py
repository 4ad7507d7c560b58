#| kata: settings.settings
#| refused_by: test_other_programs_keys_do_no_harm
# Takes other programs' passwords in.
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_KEY = "for development only, never in production"


class Settings(BaseSettings):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="allow",
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite+aiosqlite:///waybill.db"
    secret_key: SecretStr = SecretStr(SAMPLE_KEY)
    allowed_origins: list[str] = []
