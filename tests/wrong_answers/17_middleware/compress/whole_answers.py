#| kata: middleware.compress
#| refused_by: test_pieces_go_on
# Collects a stream before it is sent.
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
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await (self.smaller if public else self.app)(scope, receive, keep)
        for message in kept:
            await send(message)


def compress(_app: FastAPI) -> Middleware:
    """Make long answers shorter."""
    return Middleware(CompressMiddleware)


layers.append(compress)
