#| kata: settings.lifespan
#| refused_by: test_a_failed_close_leaves_none_open
# By hand and in finally: the first failure to close ends the loop.
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
    try:
        for resource in resources:
            context = resource(app)
            await context.__aenter__()
            opened.append(context)
        yield
    finally:
        for context in reversed(opened):
            await context.__aexit__(None, None, None)
