#| kata: observability.metrics
#| refused_by: test_a_crash_is_counted
# Swallows what the app raises.
import time
from collections.abc import Callable

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""The methods that have a label of their own."""


class Metrics:
    """What an app counts, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "waybill_requests",
            "Requests that have ended.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "waybill_request_seconds",
            "From the request to the end of its answer.",
            ["route"],
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "waybill_requests_in_progress",
            "Requests that have not ended yet.",
            registry=self.registry,
        )
        self.jobs = Gauge(
            "waybill_jobs",
            "Jobs that are not done, by state.",
            ["state"],
            registry=self.registry,
        )


def route_of(scope: Scope) -> str | None:
    """Return the route of a request that has ended, as it was declared, if any."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    return getattr(context or scope.get("route"), "path", None)


class MetricsMiddleware:
    """Counts each request, whatever becomes of it."""

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
        """Answer a request, then count it and note how long it took."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.clock()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.metrics.in_progress.inc()
        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            status = 500
        if True:
            self.metrics.in_progress.dec()
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = route_of(scope) or "none"
            self.metrics.requests.labels(method, route, f"{status // 100}xx").inc()
            self.metrics.seconds.labels(route).observe(self.clock() - began)


def count_requests(app: FastAPI) -> Middleware:
    """Count the requests of an app."""
    app.state.metrics = Metrics()
    return Middleware(MetricsMiddleware, app.state.metrics)
