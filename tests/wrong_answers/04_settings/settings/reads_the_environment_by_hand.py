#| kata: settings.settings
#| refused_by: test_each_field_has_a_variable
# Reads the variables by hand, when the module is imported.
import secrets
import os

from pydantic import BaseModel


class Settings(BaseModel):
    """Read from variables such as WAYBILL_DATABASE_URL, or from a file `.env`."""

    environment: str = os.environ.get("WAYBILL_ENVIRONMENT", "development")
    database_url: str = os.environ.get(
        "WAYBILL_DATABASE_URL", "sqlite+aiosqlite:///waybill.db"
    )
    secret_key: str = os.environ.get(
        "WAYBILL_SECRET_KEY", secrets.token_urlsafe(32)
    )
    allowed_origins: list[str] = []
