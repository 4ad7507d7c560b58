#| kata: settings.get_settings
#| refused_by: test_each_app_has_its_own
# Without a type FastAPI takes the connection for a question to the client.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


async def app_settings(connection) -> Settings:
    """Return the settings of the app that a request came to."""
    return connection.app.state.settings


AppSettings = Annotated[Settings, Depends(app_settings)]
