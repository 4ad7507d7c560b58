#| kata: settings.get_settings
#| refused_by: test_each_app_has_its_own
# Takes the connection, and asks the process all the same.
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
    return get_settings()


AppSettings = Annotated[Settings, Depends(app_settings)]
