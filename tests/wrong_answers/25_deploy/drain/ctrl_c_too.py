#| kata: deploy.drain
#| refused_by: test_ctrl_c_is_left_alone
# Makes whoever presses Ctrl-C wait, too.
import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from waybill.problems import problem


class DrainSettings(BaseSettings):
    """How long a load balancer has to notice; WAYBILL_DRAIN_SECONDS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    drain_seconds: Annotated[float, Field(ge=0, le=3600)] = 0


class DrainingMiddleware:
    """Answers /ready with a refusal while an app is draining."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say that this server will stop, or pass a request on."""
        asked = scope["type"] == "http" and scope["path"] == "/ready"
        if asked and getattr(scope["app"].state, "draining", False):
            await problem(503, "Waybill is about to stop.")(scope, receive, send)
            return
        await self.app(scope, receive, send)


def draining(_app: FastAPI) -> Middleware:
    """Let load balancers know when an app is about to stop."""
    return Middleware(DrainingMiddleware)


@asynccontextmanager
async def drain(app: FastAPI) -> AsyncIterator[None]:
    """Let an app know that it will stop, some seconds before its server does."""
    app.state.draining = False
    seconds = DrainSettings().drain_seconds
    server = signal.getsignal(signal.SIGTERM)
    in_main = threading.current_thread() is threading.main_thread()
    if not seconds or not in_main or not callable(server):  # nobody to tell later
        yield
        return
    loop = asyncio.get_running_loop()
    timers: list[asyncio.TimerHandle] = []

    def begin() -> None:
        if not timers:
            app.state.draining = True
            timers.append(loop.call_later(seconds, server, signal.SIGTERM, None))

    interrupt = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(begin))
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(begin))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, server)
        signal.signal(signal.SIGINT, interrupt)
        for timer in timers:
            timer.cancel()
