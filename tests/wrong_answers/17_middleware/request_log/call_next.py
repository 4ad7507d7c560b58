#| kata: middleware.request_log
#| refused_by: test_a_stream_counts_until_its_end
# What most guides show: the time of the first byte, and no line for a crash.
import time
from collections.abc import Callable

from fastapi import Request, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.types import ASGIApp

log = logging.getLogger("waybill.requests")


class RequestLogMiddleware(BaseHTTPMiddleware):
    """Writes one line for each request, whatever became of it."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(app)
        self.clock = clock

    async def dispatch(
        self, request: Request, call_next: RequestResponseEndpoint
    ) -> Response:
        """Answer a request, then note its status and how long it took."""
        began = self.clock()
        response = await call_next(request)
        took = (self.clock() - began) * 1000
        asked = request.method, request.scope["path"]
        log.info("%s %r: %s in %.0f ms", *asked, response.status_code, took)
        return response
