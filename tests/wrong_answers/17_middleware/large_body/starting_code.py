#| kata: middleware.large_body
#| refused_by: test_what_is_too_large_is_refused
# Lets everything pass.
class LargeBodyMiddleware:
    """Refuses a body that is too large before anybody reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is announced to be too large, or pass it on."""
        await self.app(scope, receive, send)


def large_bodies(_app: FastAPI) -> Middleware:
    """Refuse what is announced to be too large."""
    return Middleware(LargeBodyMiddleware)


layers.append(large_bodies)
