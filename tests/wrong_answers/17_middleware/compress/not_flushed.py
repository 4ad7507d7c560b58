#| kata: middleware.compress
#| refused_by: test_pieces_go_on
# Hands on the first piece with the second.
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

        async def later(message: Message) -> None:
            kept.append(message)
            if len(kept) > 2 or not message.get("more_body", message["type"].endswith("start")):
                while kept:
                    await send(kept.pop(0))

        await (self.smaller if public else self.app)(scope, receive, later)


def compress(_app: FastAPI) -> Middleware:
    """Make long answers shorter."""
    return Middleware(CompressMiddleware)


layers.append(compress)
