#| kata: settings.lifespan
#| refused_by: test_every_start_opens_all_of_them
# What stands in the list twice is opened once.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    async with AsyncExitStack() as stack:
        for resource in dict.fromkeys(resources):
            await stack.enter_async_context(resource(app))
        yield
