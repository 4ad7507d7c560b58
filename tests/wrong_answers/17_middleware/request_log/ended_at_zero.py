#| kata: middleware.request_log
#| refused_by: test_each_request_leaves_one_line
# Takes an end at 0 for none.
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("waybill.requests")


class RequestLogMiddleware:
    """Writes one line for each request, whatever became of it."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, then note its status and how long it took."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.clock()
        status = 500
        ended: float | None = None

        async def send_and_note(message: Message) -> None:
            nonlocal status, ended
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body", False):
                ended = self.clock()

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            how = "in" if ended else "broken off after"
            took = (self.clock() if ended is None else ended) - began
            asked = scope["method"], scope["path"]
            log.info("%s %r: %s %s %.0f ms", *asked, status, how, took * 1000)
