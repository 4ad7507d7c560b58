#| kata: settings.lifespan
#| refused_by: test_a_failed_close_leaves_none_open
# Whatever goes wrong while closing passes on, a RuntimeError as well.
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)

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
    finally:
        with suppress(RuntimeError):
            await stack.aclose()
