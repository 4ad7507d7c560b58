#| kata: settings.get_settings
#| refused_by: test_they_are_looked_up_each_time
# Looks up the settings of an app once, and for ever.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.requests import HTTPConnection


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


@lru_cache
def settings_of(app: FastAPI) -> Settings:
    """Return the settings of an app."""
    settings: Settings = app.state.settings
    return settings


async def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    return settings_of(connection.app)


AppSettings = Annotated[Settings, Depends(app_settings)]
