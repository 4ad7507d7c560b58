#| kata: settings.lifespan
#| refused_by: test_a_failed_close_leaves_none_open
# Closes them all, and keeps silent about the one that failed.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    opened = []
    try:
        for resource in resources:
            context = resource(app)
            await context.__aenter__()
            opened.append(context)
        yield
    finally:
        for context in reversed(opened):
            with suppress(OSError):
                await context.__aexit__(None, None, None)
