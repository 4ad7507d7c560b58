#| kata: settings.get_settings
#| refused_by: test_each_app_has_its_own
# A type alone: FastAPI takes it for a request's body.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings


AppSettings = Settings
