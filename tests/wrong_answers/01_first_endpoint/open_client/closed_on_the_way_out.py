#| kata: first_endpoint.open_client
#| refused_by: test_client_is_open
# return leaves the block, and the end of the block closes the client.
import httpx

from waybill.hello import app


async def closed() -> httpx.AsyncClient:
    """Return a client that its block has closed."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://waybill"
    ) as client:
        return client


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    steps = closed().__await__()
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    raise RuntimeError("closing a client waited for something")
