#| kata: settings.lifespan
#| refused_by: test_all_are_opened_in_order
# Enters each entry itself, and never calls it to make a context manager.
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
        for resource in resources:
            await stack.enter_async_context(resource)
        yield
