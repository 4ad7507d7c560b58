#| kata: settings.get_settings
#| refused_by: test_each_app_has_its_own
# Hands out a copy, and not the object.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


async def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings.model_copy()


AppSettings = Annotated[Settings, Depends(app_settings)]
