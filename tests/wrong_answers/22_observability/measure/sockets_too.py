#| kata: observability.measure
#| refused_by: test_others_pass
# Takes sockets for requests.
import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waybill.request_log import is_last, status_of, template

KNOWN = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""Methods with a label of their own."""


preparations: list[Callable[[FastAPI], Awaitable[None]]] = []
"""What is counted only when somebody asks, in order."""


class Metrics:
    """What one app counts, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "waybill_requests",
            "Requests that were answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "waybill_request_seconds",
            "How long their answers took.",
            ["method", "route"],
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "waybill_requests_in_progress",
            "Requests that are being answered.",
            registry=self.registry,
        )
        self.jobs = Gauge(
            "waybill_jobs",
            "Jobs that are not done, by their state.",
            ["state"],
            registry=self.registry,
        )


class MeasureMiddleware:
    """Counts each request, and how long its answer took."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and count it once it is answered."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        began, status = self.clock(), 500
        ended: float | None = None

        async def send_and_note(message: Message) -> None:
            nonlocal status, ended
            await send(message)
            status = status_of(message) or status
            if is_last(message):
                ended = self.clock()

        try:
            with self.metrics.in_progress.track_inprogress():
                await self.app(scope, receive, send_and_note)
        finally:
            method = scope["method"] if scope.get("method") in KNOWN else "other"
            labels = {"method": method, "route": template(scope) or "none"}
            took = (self.clock() if ended is None else ended) - began
            self.metrics.requests.labels(**labels, status=f"{status // 100}xx").inc()
            self.metrics.seconds.labels(**labels).observe(took)


def measure(app: FastAPI) -> Middleware:
    """Give an app metrics of its own, and count its requests."""
    app.state.metrics = Metrics()
    return Middleware(MeasureMiddleware, app.state.metrics)
