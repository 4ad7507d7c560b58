"""The factory that puts Waybill together."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from inspect import isawaitable

import httpx
from fastapi import FastAPI, Request, Response, status
from fastapi.exceptions import RequestValidationError
from redis.asyncio import Redis
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import async_sessionmaker
from starlette.types import ASGIApp

from waybill import health
from waybill.api import Problem, api
from waybill.carriers import PATIENCE, ask_again, ask_carrier
from waybill.database import make_engine
from waybill.draining import drain
from waybill.hub import open_hub
from waybill.invalidation import open_cache
from waybill.layers import layers
from waybill.limits import (
    FixedWindow,
    Limit,
    LimitMiddleware,
    LimitSettings,
    TokenBucket,
)
from waybill.migrate import alone, is_newest, upgrade
from waybill.passwords import PasswordSettings
from waybill.problems import answer_problems
from waybill.push import push_scans
from waybill.relay import share_hub
from waybill.request_log import write_log
from waybill.review import review_screens
from waybill.settings import Settings, UnsafeSettingsError, refuse_unsafe
from waybill.shared_cache import RedisStore
from waybill.shared_limits import Fallback, RedisBucket, RedisSettings
from waybill.stopping import notice_stop
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
LARGEST_BODY = 65_536
"""Bytes that the body of a request may have."""


def add_routes(app: FastAPI) -> None:
    """Give an app all of Waybill's routes."""
    app.include_router(health.router)
    app.include_router(api)


extensions: list[Callable[[FastAPI], None]] = [add_routes]
"""What every Waybill gets, in order."""


def create_app(settings: Settings) -> FastAPI:
    """Make a Waybill for these settings; unsafe ones are refused."""
    refuse_unsafe(settings)
    app = FastAPI(
        title="Waybill",
        version="1.0.0",
        lifespan=lifespan,
        openapi_url="/openapi.json" if settings.environment == "development" else None,
        redirect_slashes=False,  # it would lead to any host that a request names
        max_body_size=LARGEST_BODY,
    )
    app.state.settings = settings
    for extend in extensions:
        extend(app)
    return app


# kata: concurrency.open_carriers
@asynccontextmanager
async def open_carriers(app: FastAPI) -> AsyncIterator[None]:
    """Keep one client for all that an app asks carriers."""
    timeout = httpx.Timeout(PATIENCE, connect=1, pool=1)
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(timeout=timeout, limits=limits) as client:
        app.state.ask = partial(ask_carrier, client)
        yield


resources.append(open_carriers)


# kata: concurrency.try_again
@asynccontextmanager
async def try_again(app: FastAPI) -> AsyncIterator[None]:
    """Let an app ask a busy carrier again."""
    app.state.ask = partial(ask_again, app.state.ask)
    yield


resources.append(try_again)


# kata: migrations.open_database
class OldTablesError(RuntimeError):
    """The tables are not what this Waybill needs."""


def prepare(connection: Connection) -> None:
    """Bring a developer's tables up to date, those without a revision included."""
    with alone(connection):
        upgrade(connection)
        Base.metadata.create_all(connection)


@asynccontextmanager
async def open_database(app: FastAPI) -> AsyncIterator[None]:
    """Connect an app to its database, and part again when it stops."""
    settings = app.state.settings
    engine = make_engine(settings.database_url)
    try:
        async with engine.connect() as connection:
            if settings.environment == "development":
                await connection.run_sync(prepare)
            elif not await connection.run_sync(is_newest):
                raise OldTablesError("Run `python -m waybill.migrate` first.")
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
    finally:
        await engine.dispose()


resources.append(open_database)


# kata: middleware.stand_layers
def stand_layers(app: FastAPI) -> None:
    """Stand all layers around an app, its answer to a crash included."""
    made = [layer(app) for layer in layers]
    build = app.build_middleware_stack

    def build_with_layers() -> ASGIApp:
        stack = build()
        for cls, options, named in reversed(made):
            stack = cls(stack, *options, **named)
        return stack

    app.build_middleware_stack = build_with_layers  # type: ignore[method-assign]


extensions.append(stand_layers)
resources.append(write_log)


# kata: errors.extend
extensions.append(answer_problems)


# kata: passwords.hide_input
def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""
    first = app.exception_handlers[RequestValidationError]

    @app.exception_handler(RequestValidationError)
    async def refuse(request: Request, error: RequestValidationError) -> Response:
        said = [{k: one[k] for k in ("type", "loc", "msg")} for one in error.errors()]
        answer = first(request, RequestValidationError(said))
        return await answer if isawaitable(answer) else answer


extensions.append(hide_input)


# kata: passwords.refuse_cheap
FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2
"""The least that OWASP recommends for Argon2id."""


def refuse_cheap(app: FastAPI) -> None:
    """Refuse to serve the public with hashes that are cheap to guess."""
    cost = PasswordSettings()  # what can't be computed is refused here, everywhere
    if app.state.settings.environment != "production":
        return
    problems = []
    if cost.memory_kib < FLOOR_KIB:
        problems.append(f"WAYBILL_HASH_MEMORY_KIB must be at least {FLOOR_KIB}")
    if cost.rounds < FLOOR_ROUNDS:
        problems.append(f"WAYBILL_HASH_ROUNDS must be at least {FLOOR_ROUNDS}")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))


extensions.append(refuse_cheap)


# kata: rate_limiting.limit_app
def limit_requests(app: FastAPI) -> None:
    """Stand a limit around an app, whatever its routes are."""
    settings = LimitSettings()
    limit = Limit(settings.limit_requests, settings.limit_seconds)
    sign_in_limit = Limit(settings.sign_in_requests, settings.sign_in_seconds)
    app.state.limiter = TokenBucket(limit)
    app.state.attempts = FixedWindow(sign_in_limit)
    app.add_middleware(LimitMiddleware)


def document_limit(app: FastAPI) -> None:
    """Let the docs of all routes that come later mention the 429."""
    app.router.responses[status.HTTP_429_TOO_MANY_REQUESTS] = {"model": Problem}


extensions.insert(0, document_limit)  # before the routes
extensions.append(limit_requests)


# kata: rate_limiting.share_limit
@asynccontextmanager
async def share_limit(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's limits with its other workers, if there is a Redis."""
    url = RedisSettings().redis_url
    if url is None:
        yield
        return
    limiter, attempts = app.state.limiter, app.state.attempts
    async with Redis.from_url(
        str(url), socket_timeout=0.1, socket_connect_timeout=0.1
    ) as redis:
        app.state.limiter = Fallback(RedisBucket(redis, limiter.limit), limiter)
        app.state.attempts = Fallback(RedisBucket(redis, attempts.limit), attempts)
        try:
            yield
        finally:
            app.state.limiter, app.state.attempts = limiter, attempts


resources.append(share_limit)


# kata: caching.resource
resources.append(open_cache)


# kata: caching.share_cache
@asynccontextmanager
async def share_cache(app: FastAPI) -> AsyncIterator[None]:
    """Share an app's cache with its other workers, if there is a Redis."""
    url, own = RedisSettings().redis_url, app.state.cache.store
    if url is None:
        yield
        return
    async with Redis.from_url(
        str(url), socket_timeout=0.1, socket_connect_timeout=0.1
    ) as redis:
        app.state.cache.store = RedisStore(redis, own.seconds)
        try:
            yield
        finally:
            app.state.cache.store = own


resources.append(share_cache)


# kata: streaming.resource
resources.append(notice_stop)


# kata: websockets.resource
resources.append(open_hub)
resources.append(push_scans)


# kata: websockets.share
resources.append(review_screens)
resources.append(share_hub)


# kata: deploy.resource
resources.append(drain)
