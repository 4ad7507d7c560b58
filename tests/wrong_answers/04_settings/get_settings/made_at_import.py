#| kata: settings.get_settings
#| refused_by: test_settings_are_read_from_outside
# Reads when the module is imported, for ever.
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


SETTINGS = Settings()


def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return SETTINGS


def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
