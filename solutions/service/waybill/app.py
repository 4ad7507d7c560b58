"""The factory that puts Waybill together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill import health
from waybill.api import api
from waybill.database import make_engine
from waybill.settings import Settings, refuse_unsafe
from waybill.tables import Base

# kata: settings.lifespan
Resource = Callable[[FastAPI], AbstractAsyncContextManager[None]]
resources: list[Resource] = []
"""What Waybill opens when it starts, in order, and closes when it stops."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open every resource, serve, and close them in reverse, whatever happened."""
    async with AsyncExitStack() as stack:
        for resource in resources:
            await stack.enter_async_context(resource(app))
        yield


# kata: settings.create_app
def add_routes(app: FastAPI) -> None:
    """Give an app all of Waybill's routes."""
    app.include_router(health.router)
    app.include_router(api)


extensions: list[Callable[[FastAPI], None]] = [add_routes]
"""What every Waybill gets, in order."""


def create_app(settings: Settings) -> FastAPI:
    """Make a Waybill for these settings; unsafe ones are refused."""
    refuse_unsafe(settings)
    public = settings.environment != "production"
    app = FastAPI(
        title="Waybill",
        version="1.0.0",
        lifespan=lifespan,
        openapi_url="/openapi.json" if public else None,
    )
    app.state.settings = settings
    for extend in extensions:
        extend(app)
    return app


# kata: database.open_database
@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    engine = make_engine(app.state.settings.database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()


resources.append(open_database)
