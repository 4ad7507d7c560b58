"""Checks of middleware.large_body: a body that is too large, refused beforehand."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Http = Callable[..., dict[str, Any]]
Answer = tuple[list[Any], int, int]


@pytest.fixture
def announce(http: Http, stand: Callable[..., Any]) -> Callable[..., Awaitable[Answer]]:
    """Return what sends a Content-Length to an app with a limit.

    It returns what was sent, how often the app was asked, how often the body was read.
    """

    async def announce(length: bytes | None, limit: int | None, **more: Any) -> Answer:  # noqa: ANN401
        sent: list[Any] = []
        asked, read = [], []

        async def receive() -> dict[str, Any]:
            read.append(1)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def inside(_scope: object, receive: Any, send: Any) -> None:  # noqa: ANN401
            asked.append(1)
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"read"})

        async def client(message: Any) -> None:  # noqa: ANN401
            sent.append(message)

        headers = [(b"host", b"waybill")]
        if length is not None:
            headers.append((b"content-length", length))
        scope = http(headers=headers, **more)
        layer = stand("large_bodies", FastAPI(max_body_size=limit), inside)
        await layer(scope, receive, client)
        return sent, len(asked), len(read)

    return announce


def status(sent: list[Any]) -> int:
    """Return the status of an answer."""
    return int(sent[0]["status"]) if sent else 0


# - A request whose `Content-Length` is larger than the app's `max_body_size` is
# answered 413 with a problem.
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "GET"])
@pytest.mark.parametrize(
    ("limit", "length"), [(10, b"11"), (65_536, b"65537"), (0, b"1"), (100, b"9" * 19)]
)
async def test_what_is_too_large_is_refused(
    announce: Callable[..., Awaitable[Answer]], limit: int, length: bytes, method: str
) -> None:
    """A body that is announced to be too large is answered 413, and never read."""
    import json

    sent, asked, read = await announce(length, limit, method=method)
    what = f"The limit is {limit}, and Content-Length: {length.decode()} came"
    found = status(sent)
    assert found == 413, f"{what}; it was answered {found} instead of 413."
    assert (asked, read) == (0, 0), (
        f"{what}. The app was asked {asked} times, and the body read {read} times; "
        "both should be 0. A `return` belongs below the refusal."
    )
    headers = dict(sent[0]["headers"])
    kind = headers.get(b"content-type", b"").decode()
    assert kind.startswith("application/problem+json"), (
        f"{what}, and the answer is {kind!r}; `problem(413, …)` makes one that is "
        "application/problem+json."
    )
    body = json.loads(b"".join(one.get("body", b"") for one in sent))
    assert body["status"] == 413, f"{what}, and the body is {body}."
    assert isinstance(body["detail"], str), f"{what}, and the body is {body}."
    assert body["detail"].strip(), f"{what}, and the `detail` is empty."


# - One that is exactly as large passes; so does one without that header, or with one
# that is no number.
@pytest.mark.parametrize(
    "length",
    [
        b"10",
        b"9",
        b"0",
        b"00010",
        None,
        b"",
        b"ten",
        b"-11",
        b"\xb2\xb2\xb2",
        b"11 kilos",
        b"0x99",
        b"1e9",
    ],
)
async def test_what_is_not_passes(
    announce: Callable[..., Awaitable[Answer]], length: bytes | None
) -> None:
    """A body of exactly the limit passes, and a header that says no number."""
    what = f"The limit is 10, and Content-Length: {length!r} came"
    try:
        sent, asked, _read = await announce(length, 10)
    except ValueError as error:
        raise AssertionError(
            f"{what}; the layer raised ValueError: {error}. A client's header would "
            "become a 500. `isdecimal()` is True only for what `int()` takes."
        ) from None
    found = status(sent)
    assert found == 200, f"{what}; it was answered {found}."
    assert asked == 1, f"{what}; the app was asked {asked} times."


# - An app without a limit refuses none.
async def test_without_a_limit_none_is_refused(
    announce: Callable[..., Awaitable[Answer]],
) -> None:
    """An app whose `max_body_size` is None refuses none."""
    try:
        sent, _asked, _read = await announce(b"99999999", None)
    except TypeError as error:
        raise AssertionError(
            f"An app has no limit: its max_body_size is None, and the layer raised "
            f"TypeError: {error}."
        ) from None
    found = status(sent)
    assert found == 200, f"An app has no limit; it answered {found}."


# - A request whose `Content-Length` is larger than the app's `max_body_size` is
# answered 413 with a problem.
async def test_each_app_has_its_own_limit(
    announce: Callable[..., Awaitable[Answer]],
) -> None:
    """The limit is that of the app that was asked."""
    found = [status((await announce(b"50", limit))[0]) for limit in (10, 50, 49, 1000)]
    assert found == [413, 200, 413, 200], (
        "Apps with the limits 10, 50, 49 and 1000 were sent a Content-Length of 50, "
        f'and answered {found}. `scope["app"].max_body_size` is the limit.'
    )


# - A request whose `Content-Length` is larger than the app's `max_body_size` is
# answered 413 with a problem.
async def test_a_real_client_can_read_it(
    connect: Callable[..., httpx.AsyncClient], stand: Callable[..., Any]
) -> None:
    """A client that sends a body that is too large can read the problem."""
    app = FastAPI(max_body_size=100)

    @app.post("/v1/rates/price")
    async def parcels(body: list[int]) -> int:
        return len(body)

    async with connect(stand("large_bodies", app)) as client:
        found = {}
        for count in (40, 60):  # [1,1,…]: a little more than two bytes each
            response = await client.post("/v1/rates/price", json=[1] * count)
            found[count] = response.status_code
        detail = response.json()["detail"]
    assert found == {40: 200, 60: 413}, (
        f"The limit is 100 bytes. Lists of 40 and 60 numbers were answered {found}."
    )
    assert isinstance(detail, str), f"The `detail` is {detail!r}."


# - `lifespan` and `websocket` pass as they are.
async def test_others_pass(as_they_are: Callable[..., Awaitable[None]]) -> None:
    """Scopes of the types `lifespan` and `websocket` pass as they are."""
    from waybill.layers import LargeBodyMiddleware

    await as_they_are(LargeBodyMiddleware)
