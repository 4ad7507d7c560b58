#| kata: settings.lifespan
#| refused_by: test_all_are_closed_when_serving_fails
# Cleans up after an Exception; being cancelled is none.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    stack = AsyncExitStack()
    try:
        for resource in resources:
            await stack.enter_async_context(resource(app))
        yield
    except Exception:
        await stack.aclose()
        raise
    await stack.aclose()
