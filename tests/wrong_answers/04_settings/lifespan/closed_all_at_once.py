#| kata: settings.lifespan
#| refused_by: test_all_are_closed_in_reverse
# Closes them side by side: the database may be gone before the cache is.
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

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
        closing = [context.__aexit__(None, None, None) for context in reversed(opened)]
        await asyncio.gather(*closing)
