#| kata: settings.lifespan
#| refused_by: test_all_are_opened_in_order
# Makes the contexts and enters none.
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI

Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    opened = [resource(app) for resource in resources]
    yield
    for context in reversed(opened):
        await context.__aexit__(None, None, None)
