"""Checks of middleware.compress: shorter where the length tells nothing."""

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

Connect = Callable[..., httpx.AsyncClient]
Follow = Callable[..., Awaitable[list[int]]]

GZIP = {"Accept-Encoding": "gzip"}
TOKEN = {"Authorization": "Bearer x"}
EVENTS = "text/event-stream; charset=utf-8"


@pytest.fixture
def app() -> FastAPI:
    """An app with answers of any length."""
    app = FastAPI(openapi_url=None)

    @app.api_route("/openapi.json", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def text(length: int, media_type: str = "text/plain") -> Response:
        return Response("x" * length, media_type=media_type)

    @app.api_route("/v1/parcels", methods=["GET", "POST"])
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[str]:
            for number in range(100):
                yield f"line {number} is like all the others\n"

        return StreamingResponse(pieces(), media_type="text/csv")

    return app


@pytest.fixture
async def client(
    connect: Connect, app: FastAPI, stand: Callable[..., Any]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that app, with the layer around it."""
    async with connect(stand("compress", app)) as client:
        client.headers["Accept-Encoding"] = "identity"
        yield client


def encoding(response: httpx.Response) -> str | None:
    """Return how an answer is compressed."""
    found: str | None = response.headers.get("Content-Encoding")
    return found


# - An answer to a GET, of 1000 bytes or more, is compressed with gzip for a client that
# accepts it.
@pytest.mark.parametrize("length", [1000, 1001, 5000])
@pytest.mark.parametrize("accept", ["gzip", "br, gzip;q=0.8", "gzip, deflate"])
async def test_a_long_answer_is_compressed(
    client: httpx.AsyncClient, length: int, accept: str
) -> None:
    """From 1000 bytes on an answer to a GET is compressed, and read as before."""
    response = await client.get(
        "/openapi.json", params={"length": length}, headers={"Accept-Encoding": accept}
    )
    assert encoding(response) == "gzip", (
        f"GET of {length} bytes, with Accept-Encoding: {accept}, came with "
        f"Content-Encoding: {encoding(response)}; wanted is gzip."
    )
    assert response.text == "x" * length, "What the client reads is something else."
    assert int(response.headers["Content-Length"]) < length, "It isn't shorter."


# - An answer to a GET, of 1000 bytes or more, is compressed with gzip for a client that
# accepts it.
@pytest.mark.parametrize(
    ("length", "accept"),
    [(999, "gzip"), (10, "gzip"), (5000, "identity"), (5000, "br"), (5000, "")],
)
async def test_others_are_left_alone(
    client: httpx.AsyncClient, length: int, accept: str
) -> None:
    """A short answer isn't compressed, nor one for a client that doesn't accept it."""
    response = await client.get(
        "/openapi.json", params={"length": length}, headers={"Accept-Encoding": accept}
    )
    assert encoding(response) is None, (
        f"GET of {length} bytes, with Accept-Encoding: {accept or 'none'}, came with "
        f"Content-Encoding: {encoding(response)}. See `minimum_size`."
    )
    assert response.text == "x" * length, "What the client reads is something else."


# - The answer to a request with `Authorization` isn't: it may hold secrets beside what
# others wrote.
@pytest.mark.parametrize("path", ["/openapi.json?length=5000", "/v1/parcels"])
@pytest.mark.parametrize(
    "private", [TOKEN, {"authorization": "Basic x"}, {"AUTHORIZATION": "?"}]
)
async def test_a_private_answer_is_not(
    client: httpx.AsyncClient, path: str, private: dict[str, str]
) -> None:
    """The answer to a request with `Authorization` goes out as it is."""
    response = await client.get(path, headers=GZIP | private)
    assert encoding(response) is None, (
        f"GET {path} with {private} came with Content-Encoding: {encoding(response)}: "
        "its length tells what stands in it."
    )
    response = await client.get(path, headers=GZIP | {"X-Authorization": "x"})
    assert encoding(response) == "gzip", (
        f"GET {path} without Authorization came with Content-Encoding: "
        f"{encoding(response)}; wanted is gzip."
    )


# - Only what is asked with GET is compressed:
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_only_a_get_is(client: httpx.AsyncClient, method: str) -> None:
    """The answer to a POST, PUT, PATCH or DELETE goes out as it is."""
    response = await client.request(method, "/openapi.json?length=5000", headers=GZIP)
    assert encoding(response) is None, (
        f"{method} came with Content-Encoding: {encoding(response)}. Only what is "
        "asked with GET is compressed."
    )


# - A stream of events is left alone, and the pieces of every stream go on as they come.
@pytest.mark.parametrize("media_type", [EVENTS, "text/event-stream"])
async def test_events_are_left_alone(
    client: httpx.AsyncClient, media_type: str
) -> None:
    """A stream of events isn't compressed."""
    params = {"length": 5000, "media_type": media_type}
    response = await client.get("/openapi.json", params=params, headers=GZIP)
    assert encoding(response) is None, (
        f"{media_type} came with Content-Encoding: {encoding(response)}. By itself, "
        "GZipMiddleware leaves it alone."
    )


# - A stream of events is left alone, and the pieces of every stream go on as they come.
@pytest.mark.parametrize("media_type", [b"text/event-stream", b"text/csv"])
@pytest.mark.parametrize("private", [True, False])
async def test_pieces_go_on(
    follow: Follow, stand: Callable[..., Any], media_type: bytes, private: bool
) -> None:
    """Each piece of a stream goes on at once, and can be read at once."""
    headers = [(b"accept-encoding", b"gzip")]
    if private:
        headers.append((b"authorization", b"Bearer x"))
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", media_type)],
    }
    pieces = [b"data: one\n\n", b"data: two\n\n"]
    messages = [
        start,
        *({"type": "http.response.body", "body": p, "more_body": True} for p in pieces),
        {"type": "http.response.body", "body": b""},
    ]
    read: list[bytes] = []

    def wrap(app: Any) -> Any:  # noqa: ANN401
        layer = stand("compress", FastAPI(), app)

        async def called(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
            unzip = zlib.decompressobj(31)
            zipped: list[bool] = []

            async def client(message: Any) -> None:  # noqa: ANN401
                if message["type"] == "http.response.start":
                    zipped.append((b"content-encoding", b"gzip") in message["headers"])
                else:
                    body = message["body"]
                    read.append(unzip.decompress(body) if zipped[0] else body)
                await send(message)

            await layer(scope, receive, client)

        return called

    counts = await follow(wrap, messages, headers=headers)
    assert counts[1:] == [2, 3, 4], (
        f"An app sent a start, two pieces of {media_type.decode()} and an end, and "
        f"waited after each. By then the client had {counts} messages; after the first "
        "piece it should have two."
    )
    assert read[:2] == pieces, (
        f"The app sent {pieces}, and the client could read {read} as they came."
    )


# - `lifespan` and `websocket` pass as they are.
async def test_others_pass(as_they_are: Callable[..., Awaitable[None]]) -> None:
    """Scopes of the types `lifespan` and `websocket` pass as they are."""
    from waybill.layers import CompressMiddleware

    await as_they_are(CompressMiddleware)
