#| kata: settings.lifespan
#| refused_by: test_the_list_is_read_at_every_start
# Remembers the first start's contexts for the next one.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
CONTEXTS: list[AbstractAsyncContextManager[None]] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    if not CONTEXTS:
        CONTEXTS.extend(resource(app) for resource in resources)
    async with AsyncExitStack() as stack:
        for context in CONTEXTS:
            await stack.enter_async_context(context)
        yield
