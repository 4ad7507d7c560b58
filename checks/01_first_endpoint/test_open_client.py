"""Checks of the kata first_endpoint.open_client."""

import inspect
from contextlib import suppress

import httpx
import pytest
from fastapi import FastAPI


def opened() -> httpx.AsyncClient:
    """Call open_client; say what it ended with, if it returned no client."""
    from tests.test_hello import open_client

    try:
        client = open_client()
    except TypeError as error:
        advice = (
            "Compare the two clients of the example: what does the second one take?"
            if "argument 'app'" in str(error)
            else "Give the AsyncClient a transport=, made by "
            "httpx.ASGITransport(app=...), and a base_url=."
        )
        raise AssertionError(
            f"open_client() ended with TypeError: {str(error).rstrip('.')}. {advice}"
        ) from None
    if inspect.iscoroutine(client):
        client.close()
        raise AssertionError(
            "open_client() returned a coroutine, which nobody has awaited. "
            "Opening a client waits for nothing: write def, not async def, and leave "
            "the `async with` to the caller."
        )
    assert isinstance(client, httpx.AsyncClient), (
        f"open_client() should return an httpx.AsyncClient; yours returned a "
        f"`{type(client).__name__}`. Return the client itself, and don't yield it."
    )
    return client


async def ask() -> httpx.Response:
    """Ask for /openapi.json; say what that ended with, if nothing came back."""
    client = opened()
    try:
        async with client:
            return await client.get("/openapi.json")
    except Exception as error:
        named = f"{type(error).__name__}: {error}".rstrip(". ")
        advice = (
            "A path alone is no address: which argument is put in front of it?"
            if not client.base_url.is_absolute_url
            else "Give AsyncClient a transport=, made by httpx.ASGITransport(app=...)."
        )
        raise AssertionError(
            f"GET /openapi.json through the client ended with {named}. {advice}"
        ) from error


async def close(client: httpx.AsyncClient) -> None:
    """Close a client; what is no transport can't be, and another check says so."""
    with suppress(AttributeError):
        await client.aclose()


# - `open_client()` returns an `httpx.AsyncClient` that is open.


async def test_client_is_open() -> None:
    """`open_client()` returns an `httpx.AsyncClient` that is open."""
    client = opened()
    is_closed = client.is_closed
    await close(client)
    assert not is_closed, (
        "The client that open_client() returned is closed already: httpx refuses to "
        "send anything with it. Return it without a `with` block around the return; "
        "whoever calls open_client() writes the `async with`."
    )


# - Every call returns a new client.


async def test_every_call_returns_a_new_client() -> None:
    """Every call returns a new client, and closing one leaves the other open."""
    first, second = opened(), opened()
    assert second is not first, (
        "open_client() was called twice and returned the same client. Shared, it "
        "carries cookies from test to test. Make the client inside the function."
    )
    await close(first)
    is_closed = second.is_closed
    await close(second)
    assert not is_closed, (
        "Closing the first client closed the second one as well. "
        "Make both the client and what it needs inside the function."
    )


# - A path is enough: nobody has to write a whole address.


async def test_a_path_is_enough() -> None:
    """`GET /openapi.json` through it answers 200, and needs nothing but the path."""
    response = await ask()
    assert response.status_code == 200, (
        "GET /openapi.json through the client should answer 200; it answered "
        f"{response.status_code}. Is base_url= only a scheme and a name, such as "
        '"http://waybill"?'
    )


# - It asks your `app` itself, without a server.


async def test_the_app_itself_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks `waybill.hello.app` itself, without a server."""
    from waybill.hello import app

    stand_in = FastAPI(openapi_url=None)

    @stand_in.get("/openapi.json")
    async def answer() -> str:
        return "from the stand-in"

    # Whatever asks the learner's app in this process now meets the stand-in.
    monkeypatch.setattr(app, "middleware_stack", stand_in)
    response = await ask()
    assert response.text == '"from the stand-in"', (
        "A request was sent through the client, and it never reached waybill.hello's "
        "app. Give the transport the `app` from waybill.hello, neither a new FastAPI() "
        "nor the address of a server."
    )


# - An exception in the app reaches the caller.


async def test_an_exception_reaches_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exception in the app reaches the caller, and doesn't become a 500."""
    from waybill.hello import app

    stand_in = FastAPI()

    @stand_in.get("/broken")
    async def broken() -> None:
        raise LookupError("a bug in the app")

    monkeypatch.setattr(app, "middleware_stack", stand_in)
    async with opened() as client:
        try:
            response = await client.get("/broken")
        except LookupError:
            return
    raise AssertionError(
        "The app raised a LookupError, and the caller only got "
        f"{response.status_code}. A test could not show the line that failed. Leave "
        "raise_app_exceptions= of the transport as it is by default."
    )
