#| kata: settings.get_settings
#| refused_by: test_cache_clear_forgets
# Remembers in a global, which a test can't clear.
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


_settings: Settings | None = None


def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    global _settings
    if _settings is None:
        _settings = Settings()
    return _settings


def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
