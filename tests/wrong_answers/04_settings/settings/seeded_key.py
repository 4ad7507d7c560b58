#| kata: settings.settings
#| refused_by: test_no_key_stands_in_the_code
# Random numbers from a seed are the same in every process.
import random
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


NUMBERS = random.Random(1987)


def random_key() -> SecretStr:
    """Return a key that nobody knows, and that ends with this process."""
    return SecretStr(f"{NUMBERS.getrandbits(256):064x}")


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
    allowed_origins: list[str] = []
