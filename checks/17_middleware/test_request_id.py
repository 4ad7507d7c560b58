"""Checks of middleware.request_id: each request has an id, and nothing else does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse, StreamingResponse

Connect = Callable[..., httpx.AsyncClient]
NAME = "X-Request-ID"
HEX = set("0123456789abcdef")


def held() -> str:
    """Return what `request_id` holds."""
    from waybill.request_log import request_id

    return request_id.get()


def layer(app: Any) -> Any:  # noqa: ANN401
    """Stand the middleware around an app."""
    from waybill.request_log import RequestIdMiddleware

    return RequestIdMiddleware(app)


@pytest.fixture
def app() -> FastAPI:
    """An app whose routes tell the id that they find."""
    app = FastAPI()

    @app.get("/rates")
    async def found() -> str:
        return held()

    @app.get("/rates-in-a-thread")
    def in_a_thread() -> str:
        return held()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[str]:
            for _ in range(3):
                yield f"{held()} "

        return StreamingResponse(pieces())

    @app.get("/own")
    async def own() -> PlainTextResponse:
        return PlainTextResponse(held(), headers={NAME: "the app's own"})

    @app.get("/fail/{status}")
    async def fail(status: int) -> None:
        raise HTTPException(status) if status != 500 else RuntimeError("crash")

    return app


@pytest.fixture
async def client(connect: Connect, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that app, with the middleware around all of it."""
    async with connect(layer(app), raise_app_exceptions=False) as client:
        yield client


# - Every answer has the id in its header `X-Request-ID`, whatever its status.
@pytest.mark.parametrize("path", ["/rates", "/stream", "/none"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
async def test_every_answer_tells_it(
    client: httpx.AsyncClient, path: str, method: str
) -> None:
    """Every answer has the id as `X-Request-ID`, whatever its status."""
    paths = [path] if path != "/none" else ["/none", "/fail/418", "/fail/500"]
    for one in paths:
        response = await client.request(method, one, headers={NAME: "shop-17"})
        assert response.headers.get_list(NAME) == ["shop-17"], (
            f"{method} {one} was answered {response.status_code}, and its {NAME} is "
            f"{response.headers.get_list(NAME)}; it should be shop-17."
        )


# - A client may choose the id: if its header `X-Request-ID` is `HARMLESS` as a whole,
# it is taken.
@pytest.mark.parametrize(
    "given", ["a", "shop-17", "A.b_c-9", "0" * 64, "-", "Zz", "trace.1", "_"]
)
async def test_a_harmless_one_is_taken(client: httpx.AsyncClient, given: str) -> None:
    """A client's id is taken: 1 to 64 letters, digits, dots, dashes, underscores."""
    response = await client.get("/rates", headers={NAME: given})
    id_ = response.headers.get(NAME)
    assert id_ == given, (
        f"A client sent {NAME}: {given}, which is harmless, and was answered with "
        f"{id_}."
    )


# - While a request is answered, `request_id` holds its id.
@pytest.mark.parametrize("path", ["/rates", "/rates-in-a-thread", "/stream"])
async def test_it_is_there_while_a_request_is_answered(
    client: httpx.AsyncClient, path: str
) -> None:
    """Routes, threads and streams find the request's id in `request_id`."""
    for sent in ({NAME: "shop-17"}, {}):
        response = await client.get(path, headers=sent)
        id_ = response.headers.get(NAME)
        found = {*response.text.strip('"').split()}
        assert found == {id_}, (
            f"GET {path} was answered with {NAME}: {id_}, and while it was answered "
            f"`request_id` held {', '.join(sorted(found))!r}. Set it before the app is "
            "called, and take it back after the app has answered."
        )


# - While a request is answered, `request_id` holds its id.
async def test_two_at_once_keep_their_own(connect: Connect) -> None:
    """Two requests at the same time each find their own id."""
    app, both = FastAPI(), asyncio.Barrier(2)

    @app.get("/wait")
    async def wait() -> str:
        await both.wait()
        found = held()
        await both.wait()
        return found

    async with connect(layer(app)) as client:
        first, second = await asyncio.gather(
            client.get("/wait", headers={NAME: "first"}),
            client.get("/wait", headers={NAME: "second"}),
        )
    told = [first.json(), second.json()]
    assert told == ["first", "second"], (
        "The requests `first` and `second` were answered at the same time, and found "
        f"{told}."
    )


# Afterwards it holds what it held before, even
# if the app has raised an exception.
@pytest.mark.parametrize("path", ["/rates", "/fail/404", "/fail/500"])
@pytest.mark.parametrize("before", [None, "an id around it"])
async def test_afterwards_it_is_as_before(
    client: httpx.AsyncClient, path: str, before: str | None
) -> None:
    """Afterwards `request_id` holds what it held before, after a crash too."""
    from waybill.request_log import request_id

    if before:
        request_id.set(before)
    response = await client.get(path, headers={NAME: "shop-17"})
    assert held() == (before or "-"), (
        f"`request_id` held {before or '-'!r}. GET {path} was answered "
        f"{response.status_code}, and now it holds {held()!r}. `reset(token)` in "
        "a `finally` brings back what was there."
    )


# Afterwards it holds what it held before, even
# if the app has raised an exception.
async def test_a_client_that_leaves(http: Callable[..., dict[str, Any]]) -> None:
    """Afterwards `request_id` holds what it held before, if a client has left, too."""
    begun, found = asyncio.Event(), []

    async def never(*_message: object) -> Any:  # noqa: ANN401
        begun.set()
        await asyncio.Event().wait()

    async def serve() -> None:
        try:
            await layer(never)(http(), never, never)
        finally:
            found.append(held())

    task = asyncio.create_task(serve())
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    told = "the id of its request" if is_new(found[0]) else repr(found[0])
    assert found == ["-"], (
        f"A client left, its request was cancelled, and `request_id` still holds {told}"
        ". CancelledError is no Exception: `reset(token)` belongs in a `finally`."
    )


# - A client may choose the id: if its header `X-Request-ID` is `HARMLESS` as a whole,
# it is taken.
@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"no spaces",
        b"x ERROR the database is gone",
        b"a" * 65,
        b"a" * 5000,
        b"shop-17\n",
        b"shop\n17",
        b"\x1b[2Jx",
        b"shop\xe417",
        b"\xb2\xb3",
        b"17;drop",
        b"%0A",
        b'"x"',
        b"shop-17, shop-18",
        b" shop-17",
        b"a/b",
        b"shop:17",
    ],
)
async def test_any_other_is_replaced(client: httpx.AsyncClient, given: bytes) -> None:
    """Any other id of a client is replaced by a new one, and not shortened."""
    response = await client.get("/rates", headers=[(NAME.encode(), given)])
    id_ = response.headers.get(NAME, "")
    assert is_new(id_), (
        f"A client sent {NAME}: {given[:40]!r} ({len(given)} bytes), and was answered "
        f"with {id_[:40]!r}. Only what HARMLESS matches from beginning to end may be "
        "taken; everything else is replaced by uuid4().hex."
    )


def is_new(id_: str) -> bool:
    """Tell whether an id is the `hex` of a uuid4."""
    return len(id_) == 32 and {*id_} <= HEX and id_[12] == "4"


# - In all other cases the id is `uuid4().hex`, a new one for each request.
async def test_each_request_gets_a_new_one(client: httpx.AsyncClient) -> None:
    """Without an id of the client, each request gets a new `uuid4().hex`."""
    from waybill.request_log import request_id

    ids = []
    for _ in range(4):
        ids.append((await client.get("/rates")).headers.get(NAME, ""))
        request_id.set("an-id-around-it")  # a request within another one is a new one
    for id_ in ids:
        assert is_new(id_), (
            f"No client has chosen an id, and it is {id_!r}: not the `hex` of a uuid4."
        )
    assert len({*ids}) == 4, f"Four requests have the ids {ids}. Make one for each."


# - Every answer has the id in its header `X-Request-ID`, whatever its status.
async def test_one_of_the_app_is_replaced(client: httpx.AsyncClient) -> None:
    """An `X-Request-ID` that the app has set is replaced."""
    response = await client.get("/own", headers={NAME: "shop-17"})
    assert response.headers.get_list(NAME) == ["shop-17"], (
        f"The app had set {NAME} itself, and the answer has "
        f"{response.headers.get_list(NAME)}; it should have shop-17 alone. "
        "`MutableHeaders(scope=message)[name] = value` replaces a header."
    )


# - Each message goes on as it comes, and `lifespan` and `websocket` pass as they are.
async def test_messages_go_on(follow: Callable[..., Awaitable[list[int]]]) -> None:
    """Each piece of an answer goes on at once."""
    counts = await follow(layer)
    assert counts == [1, 2, 3, 4], (
        "The app sent four messages, one after the other, and waited after each. By "
        f"then the client had {counts} of them; it should have [1, 2, 3, 4]."
    )


# - Each message goes on as it comes, and `lifespan` and `websocket` pass as they are.
async def test_others_pass(as_they_are: Callable[..., Awaitable[None]]) -> None:
    """Scopes of the types `lifespan` and `websocket` pass, and have no id."""
    await as_they_are(layer, held, "-")
