#| kata: deploy.command
#| refused_by: test_named_proxies_are_believed
# Leaves it to a variable of uvicorn's own.
from typing import Annotated, Any

import uvicorn
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServeSettings(BaseSettings):
    """Where Waybill is served, and by how many processes."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    workers: Annotated[int, Field(ge=1)] = 1
    proxies: list[str] = []
    grace_seconds: Annotated[int, Field(ge=1)] = 5


def options(settings: ServeSettings) -> dict[str, Any]:
    """Return what uvicorn has to know to serve strangers."""
    return {
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "limit_concurrency": 1000,
        "ws_max_size": 65_536,
        "timeout_graceful_shutdown": settings.grace_seconds,
        "server_header": False,
        "access_log": False,
        "log_config": None,
    }


if __name__ == "__main__":  # python -m waybill.serve
    uvicorn.run("waybill.main:app", **options(ServeSettings()))
