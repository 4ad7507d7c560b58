"""Checks of middleware.request_log: one line a request, whatever became of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
Clock = Any
Http = Callable[..., dict[str, Any]]


def layer(app: Any, *clock: Clock) -> Any:  # noqa: ANN401
    """Stand the middleware around an app; without a clock it has its own."""
    from waybill.request_log import RequestLogMiddleware

    return RequestLogMiddleware(app, *clock)


@pytest.fixture
async def client(
    connect: Connect, timed: FastAPI, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that app, with the middleware around all of it."""
    async with connect(layer(timed, clock), raise_app_exceptions=False) as client:
        yield client


def same(found: list[str], wanted: str, what: str, advice: str) -> None:
    """See that one line was logged, and that it is the one that is wanted."""
    assert len(found) == 1, (
        f"{what}, and the log has {len(found)} entries of `waybill.requests` instead "
        f"of one: {found}. {advice}"
    )
    assert found[0] == wanted, f"{what}, and the log says {found[0]!r}. {advice}"


# - The entry has the form of the sample: method, path, status and whole milliseconds.
@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/v1/rates/DE", "GET '/v1/rates/DE': 200 in 250 ms"),
        ("POST", "/v1/rates/DE", "POST '/v1/rates/DE': 200 in 250 ms"),
        ("HEAD", "/v1/rates/DE", "HEAD '/v1/rates/DE': 200 in 250 ms"),
        ("GET", "/nowhere", "GET '/nowhere': 404 in 0 ms"),
        ("DELETE", "/v1/rates/DE", "DELETE '/v1/rates/DE': 405 in 0 ms"),
        ("GET", "/fail/418", "GET '/fail/418': 418 in 500 ms"),
        ("GET", "/fail/204", "GET '/fail/204': 204 in 500 ms"),
    ],
)
async def test_each_request_leaves_one_line(
    client: httpx.AsyncClient,
    lines: Callable[[], list[str]],
    method: str,
    path: str,
    wanted: str,
) -> None:
    """Each request leaves one line: method, path, status, whole milliseconds."""
    for _ in range(2):
        await client.request(method, path)
        same(lines(), wanted, f"{method} {path} was asked", f"Wanted is {wanted!r}.")


# The path is
# written with `%r`, and has no query, which may hold a secret.
@pytest.mark.parametrize(
    "path",
    ["/names/a%0AERROR forged", "/names/a%20b", "/names/%1B[2J", "/names/100%25"],
)
async def test_a_path_forges_no_line(
    client: httpx.AsyncClient, lines: Callable[[], list[str]], path: str
) -> None:
    """The path stands in quotes, on one line, and without its query."""
    response = await client.get(f"{path}?token=hunter2")
    asked = response.request.url.path
    same(
        lines(),
        f"GET {asked!r}: 200 in 0 ms",
        f"GET {path}?token=… was asked",
        "`%r` writes a text in quotes, with its line breaks as \\n, and "
        '`scope["path"]` is the path without the query.',
    )


# - A crash leaves an entry, too, and then goes on as it was.
async def test_a_crash_leaves_a_line(
    connect: Connect,
    timed: FastAPI,
    clock: Clock,
    lines: Callable[[], list[str]],
) -> None:
    """A crash leaves a line with its 500, and goes on to the server."""
    async with connect(layer(timed, clock)) as client:
        try:
            response = await client.get("/fail/500")
        except RuntimeError:
            response = None
    assert response is None, (
        f"A route raised, and the server got a {response and response.status_code} "
        "in place of the exception. It has to go on."
    )
    same(
        lines(),
        "GET '/fail/500': 500 in 500 ms",
        "A route raised after 500 ms, and Starlette answered it",
        "The exception flies past what stands below `await self.app(…)`; a `finally` "
        "sees it.",
    )


# - The time ends when the last piece has been sent.
@pytest.mark.parametrize("pieces", [1, 3, 5])
async def test_a_stream_counts_until_its_end(
    client: httpx.AsyncClient, lines: Callable[[], list[str]], pieces: int
) -> None:
    """A stream counts until its last piece."""
    await client.get("/v1/exports/parcels.csv", params={"pieces": pieces})
    same(
        lines(),
        f"GET '/v1/exports/parcels.csv': 200 in {pieces * 2000} ms",
        f"GET /v1/exports/parcels.csv sent {pieces} pieces, each after 2 seconds",
        "An answer ends with the message whose `more_body` isn't True, not with the "
        "first one.",
    )


# - The time ends when the last piece has been sent.
async def test_what_runs_afterwards_does_not_count(
    client: httpx.AsyncClient, lines: Callable[[], list[str]]
) -> None:
    """A background task after the answer doesn't count."""
    await client.get("/later")
    same(
        lines(),
        "GET '/later': 200 in 125 ms",
        "GET /later was answered after 125 ms, and then a background task took 40 s",
        "The client had the answer before that: note the time when the last piece is "
        "sent.",
    )


# - The time ends when the last piece has been sent.
async def test_sending_counts(
    http: Http, clock: Clock, lines: Callable[[], list[str]]
) -> None:
    """What a slow client takes to get the last piece counts, too."""

    async def inside(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})
        clock.now += 9

    async def slow(_message: object) -> None:
        clock.now += 1

    await layer(inside, clock)(http(path="/slow", method="PUT"), None, slow)
    same(
        lines(),
        "PUT '/slow': 201 in 3000 ms",
        "Three messages took a second each to send, and then the app went on for 9 s",
        "Look at the clock after the last message has been sent: `await send(message)` "
        "comes first.",
    )


# - If the last piece was never sent, the entry says `broken off after` in place of
# `in`.
async def test_a_stream_that_breaks_is_told(
    client: httpx.AsyncClient, lines: Callable[[], list[str]]
) -> None:
    """A stream that breaks off says so, with its status and the time until then."""
    for torn in (1, 2):
        await client.get("/v1/exports/parcels.csv", params={"torn": torn})
        same(
            lines(),
            f"GET '/v1/exports/parcels.csv': 200 broken off after {torn * 2000} ms",
            f"GET /v1/exports/parcels.csv raised an exception after {torn} pieces",
            "Its last piece was never sent.",
        )


# - If the last piece was never sent, the entry says `broken off after` in place of
# `in`.
@pytest.mark.parametrize("begun", [True, False])
async def test_a_client_that_leaves_is_told(
    http: Http, clock: Clock, lines: Callable[[], list[str]], begun: bool
) -> None:
    """A request whose task is cancelled leaves a line, and stays cancelled."""
    waiting = asyncio.Event()

    async def inside(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        if begun:
            await send({"type": "http.response.start", "status": 206, "headers": []})
        clock.now += 0.75
        waiting.set()
        await asyncio.Event().wait()

    async def client(_message: object) -> None:
        pass

    task = asyncio.ensure_future(layer(inside, clock)(http(), None, client))
    await waiting.wait()
    task.cancel()
    (result,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError), (
        f"A request was cancelled, and the middleware ended with {result!r}. What it "
        "hears of has to go on."
    )
    same(
        lines(),
        f"GET '/film': {206 if begun else 500} broken off after 750 ms",
        "A request was cancelled after 750 ms, as when a client goes away",
        "CancelledError is no Exception; a `finally` sees it.",
    )


# If nothing was sent yet, the status is 500, as
# the server will answer, and the entry says `broken off after`.
async def test_nothing_sent_is_a_500(
    http: Http, clock: Clock, lines: Callable[[], list[str]]
) -> None:
    """An app that raises before it has sent anything counts as a 500."""

    async def inside(_scope: object, _receive: object, _send: object) -> None:
        clock.now += 0.5
        raise LookupError("nothing sent")

    try:
        await layer(inside, clock)(http(), None, None)
    except LookupError:
        pass
    else:
        raise AssertionError("The app raised LookupError, and it was swallowed.")
    same(
        lines(),
        "GET '/film': 500 broken off after 500 ms",
        "An app raised before it had sent anything",
        "Begin with 500, and let the first message say otherwise.",
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
async def test_others_pass(
    as_they_are: Callable[..., Awaitable[None]],
    clock: Clock,
    lines: Callable[[], list[str]],
) -> None:
    """Scopes of the types `lifespan` and `websocket` pass, and leave no line."""
    await as_they_are(lambda app: layer(app, clock))
    said = lines()
    assert not said, f"No HTTP request came, and the log has {said}."


# - The entry has the form of the sample: method, path, status and whole milliseconds.
async def test_requests_at_once_keep_their_own(
    http: Http, clock: Clock, lines: Callable[[], list[str]]
) -> None:
    """Requests at the same time each have their own status and time."""
    both = asyncio.Barrier(2)

    async def inside(scope: Any, _receive: object, send: Any) -> None:  # noqa: ANN401
        status = int(scope["path"].removeprefix("/"))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await both.wait()
        await send({"type": "http.response.body", "body": b""})

    async def client(_message: object) -> None:
        pass

    app = layer(inside, clock)
    await asyncio.gather(*(app(http(path=p), None, client) for p in ("/201", "/404")))
    wanted = {"GET '/201': 201 in 0 ms", "GET '/404': 404 in 0 ms"}
    assert {*lines()} == wanted, (
        "Two requests were answered at the same time, 201 and 404. Keep what belongs "
        "to one request in `__call__`, not in `self`."
    )
