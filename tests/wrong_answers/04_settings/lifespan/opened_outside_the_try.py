#| kata: settings.lifespan
#| refused_by: test_a_failed_start_closes_what_is_open
# The opening stands before the try, so a failed start leaves things open.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    opened = []
    for resource in resources:
        context = resource(app)
        await context.__aenter__()
        opened.append(context)
    try:
        yield
    finally:
        for context in reversed(opened):
            await context.__aexit__(None, None, None)
