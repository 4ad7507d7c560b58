#| kata: middleware.large_body
#| refused_by: test_what_is_too_large_is_refused
# Only for a POST.
from waybill.problems import problem


class LargeBodyMiddleware:
    """Refuses a body that is too large before anybody reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is announced to be too large, or pass it on."""
        if scope["type"] == "http" and scope["method"] == "POST":
            limit = scope["app"].max_body_size
            length = Headers(scope=scope).get("Content-Length", "")
            if limit is not None and length.isdecimal() and int(length) > limit:
                refusal = problem(413, f"A body may have {limit} bytes.")
                await refusal(scope, receive, send)
                return
        await self.app(scope, receive, send)


def large_bodies(_app: FastAPI) -> Middleware:
    """Refuse what is announced to be too large."""
    return Middleware(LargeBodyMiddleware)


layers.append(large_bodies)
