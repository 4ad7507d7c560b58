#| kata: first_endpoint.open_client
#| refused_by: test_the_app_itself_is_asked
# A new app, so the tests say nothing about Waybill's.
import httpx
from fastapi import FastAPI


def open_client() -> httpx.AsyncClient:
    """Return a client that asks the app itself, without a server."""
    transport = httpx.ASGITransport(app=FastAPI())
    return httpx.AsyncClient(transport=transport, base_url="http://waybill")
