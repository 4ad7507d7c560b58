#| kata: deploy.secrets
#| refused_by: test_a_missing_folder_is_refused
# Takes a file for a folder.
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once; secrets may be files."""
    folder = os.environ.get("WAYBILL_SECRETS_DIR") or None
    if folder and not Path(folder).exists():
        raise UnsafeSettingsError(f"WAYBILL_SECRETS_DIR is no folder: {folder}")
    return Settings(_secrets_dir=folder)  # type: ignore[call-arg]


async def app_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of the app that a request came to."""
    settings: Settings = connection.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(app_settings)]
