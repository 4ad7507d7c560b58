#| kata: settings.get_settings
#| refused_by: test_each_app_has_its_own
# As the docs show it: every app in the process gets the same.
from functools import lru_cache
from typing import Annotated

from fastapi import Depends


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


AppSettings = Annotated[Settings, Depends(get_settings)]
