#| kata: middleware.compress
#| refused_by: test_a_private_answer_is_not
# What most guides show.
from starlette.middleware.gzip import GZipMiddleware


class CompressMiddleware:
    """Makes long answers shorter, where their length tells nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.smaller = GZipMiddleware(app, minimum_size=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answer, or let it be."""
        await self.smaller(scope, receive, send)


def compress(_app: FastAPI) -> Middleware:
    """Make long answers shorter."""
    return Middleware(CompressMiddleware)


layers.append(compress)
