#| kata: settings.get_settings
#| refused_by: test_a_websocket_gets_them_too
# A Request: FastAPI has none to give to a WebSocket.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def app_settings(request: Request) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
