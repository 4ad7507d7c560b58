#| kata: settings.lifespan
#| refused_by: test_each_app_opens_its_own
# One stack for all apps: the first that stops closes what the others need.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


STACK = AsyncExitStack()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    async with STACK:
        for resource in resources:
            await STACK.enter_async_context(resource(app))
        yield
