#| kata: rate_limiting.middleware
#| refused_by: test_health_is_exempt
# /health is exempt only without a query.
from math import ceil

from fastapi import status
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def limit_headers(limit: Limit, hit: Hit) -> dict[str, str]:
    """Say how much is left, as the IETF's RateLimit fields draft spells it."""
    headers = {
        "RateLimit-Policy": f'"default";q={limit.requests};w={ceil(limit.seconds)}',
        "RateLimit": f'"default";r={hit.remaining};t={ceil(hit.reset)}',
    }
    if not hit.allowed:
        headers["Retry-After"] = str(max(1, ceil(hit.wait)))
    return headers


class LimitMiddleware:
    """Stands around the app: counts each request before anything else sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request with 429, or pass it on and say how much is left."""
        if scope["type"] != "http" or (
            scope["path"] == "/health" and not scope["query_string"]
        ):
            await self.app(scope, receive, send)
            return
        state = scope["app"].state
        limiter: Limiter = state.limiter
        who = caller(HTTPConnection(scope), state.settings.secret_key)
        hit = await limiter.hit(who)
        headers = limit_headers(limiter.limit, hit)
        if not hit.allowed:
            refusal = JSONResponse(
                {"detail": "Too many requests. Wait, then ask again."},
                status.HTTP_429_TOO_MANY_REQUESTS,
                headers,
            )
            await refusal(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in headers.items():
                    sent.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_on)
