#| kata: middleware.compress
#| refused_by: test_a_long_answer_is_compressed
# Compresses nothing.
from starlette.middleware.gzip import GZipMiddleware


class CompressMiddleware:
    """Makes long answers shorter, where their length tells nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.smaller = GZipMiddleware(app, minimum_size=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answer, or let it be."""
        public = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and "Authorization" not in Headers(scope=scope)
        )
        await (self.app)(scope, receive, send)


def compress(_app: FastAPI) -> Middleware:
    """Make long answers shorter."""
    return Middleware(CompressMiddleware)


layers.append(compress)
