#| kata: settings.get_settings
#| refused_by: test_they_are_looked_up_each_time
# A parameter of the query changes what the app was told.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


async def app_settings(connection: HTTPConnection, database_url: str = "") -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    if database_url:
        return settings.model_copy(update={"database_url": database_url})
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
