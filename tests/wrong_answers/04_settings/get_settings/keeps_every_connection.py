#| kata: settings.get_settings
#| refused_by: test_connections_are_let_go
# Remembers each connection, with its answer, for ever.
from functools import cache, lru_cache
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


@cache
def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
