"""Checks of observability.request_line: what a request's line says, as fields."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Client = httpx.AsyncClient
Clock = Any
Connect = Callable[..., httpx.AsyncClient]
Lines = Any
Scope = Callable[..., dict[str, Any]]
Timed = Any

FIELDS = ("method", "route", "status", "ms", "complete")


def layer(app: Any, *clock: Clock) -> Any:  # noqa: ANN401
    """Stand the middleware around an app; without a clock it has its own."""
    from waybill.request_log import RequestLogMiddleware

    return RequestLogMiddleware(app, *clock)


def told(status: int, ms: int, *, complete: bool = True) -> dict[str, object]:
    """Return three fields of a line."""
    return {"status": status, "ms": ms, "complete": complete}


async def nobody(_message: object) -> None:
    """Take what is sent, and do nothing with it."""


# - A request leaves one line at INFO, with the fields of the sample.
@pytest.mark.parametrize(
    ("method", "path", "status", "ms"),
    [
        ("GET", "/v1/parcels/WB-1", 200, 250),
        ("PUT", "/v1/parcels/WB-22", 200, 250),
        ("GET", "/fail/418", 418, 500),
        ("GET", "/plain", 200, 125),
    ],
)
async def test_each_request_leaves_one_line(
    client: Client, lines: Lines, method: str, path: str, status: int, ms: int
) -> None:
    """Each request leaves one line at INFO: method, status, whole milliseconds."""
    for _ in range(2):
        await client.request(method, path)
        lines.same(
            f"{method} {path} was answered {status} after {ms} ms",
            "Pass them as `extra=`; a background task doesn't count.",
            level="INFO",
            method=method,
            **told(status, ms),
        )


# - `route` is the route as it was declared, `/v1/parcels/{parcel_id}`, or None where no
# route was found.
@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/v1/parcels/WB-1", "/v1/parcels/{code}"),
        ("GET", "/v1/parcels/WB-2/scans/7", "/v1/parcels/{code}/scans/{number}"),
        ("GET", "/v1/parcels/WB-2/scans/x", "/v1/parcels/{code}/scans/{number}"),
        ("DELETE", "/v1/parcels/WB-1", "/v1/parcels/{code}"),
        ("GET", "/fail/404", "/fail/{status}"),
        ("GET", "/plain", "/plain"),
        ("GET", "/nowhere/WB-1", None),
        ("GET", "/v1/nowhere", None),
    ],
)
async def test_the_route_is_a_template(
    client: Client, lines: Lines, method: str, path: str, route: str | None
) -> None:
    """`route` is the route as it was declared, with its prefix; None without one."""
    response = await client.request(method, path)
    lines.same(
        f"{method} {path} was answered {response.status_code}",
        "`template(scope)` is given; the route is known only once the app has been "
        "called.",
        route=route,
    )


# No value of the path and no part of the
# query stands in the line.
@pytest.mark.parametrize("path", ["/v1/parcels/sesame", "/sesame", "/plain"])
async def test_no_value_is_in_the_line(client: Client, lines: Lines, path: str) -> None:
    """Nothing of the path's values or of the query is in the line."""
    shown = {"Authorization": "Bearer sesame"}
    await client.get(f"{path}?ticket=sesame", headers=shown)
    line = lines.one(what := f"GET {path}?ticket=sesame was asked, with {shown}")
    assert "sesame" not in repr(line), f"{what}, and its line holds the secret: {line}"


# - The line is written when the last piece has been sent
@pytest.mark.parametrize("pieces", [1, 4])
async def test_a_stream_counts_until_its_end(
    client: Client, lines: Lines, pieces: int
) -> None:
    """A stream's line is written when its last piece has been sent."""
    await client.get("/stream", params={"pieces": pieces})
    lines.same(
        f"GET /stream sent {pieces} pieces, each after 2 seconds",
        "An answer ends with the message for which `is_last` is true.",
        **told(200, pieces * 2000),
    )


# - The line is written when the last piece has been sent
async def test_sending_counts(scope: Scope, clock: Clock, lines: Lines) -> None:
    """What a slow client takes to get the last piece counts, and nothing after that."""

    async def inside(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        assert not lines(), "The line was written before the answer had ended."
        await send({"type": "http.response.body", "body": b"two"})
        clock.now += 9

    async def slow(_message: object) -> None:
        clock.now += 1

    await layer(inside, clock)(scope(), None, slow)
    lines.same(
        "Three messages took a second each to send, and then the app went on for 9 s",
        "`await send(message)` comes first.",
        **told(201, 3000),
    )


# If it never was, the line is written all the same, and
# `complete` is False.
@pytest.mark.parametrize("torn", [1, 2])
async def test_a_stream_that_breaks_is_told(
    client: Client, lines: Lines, torn: int
) -> None:
    """A stream that breaks off is not complete, and its line has its status."""
    try:
        await client.get("/stream", params={"torn": torn})
    except AssertionError:  # httpx's: it never got the end of an answer
        raise AssertionError(
            f"GET /stream raised an exception after {torn} pieces, and your middleware "
            "swallowed it. The server has to hear of it: use `finally`, not `except`."
        ) from None
    lines.same(
        f"GET /stream raised an exception after {torn} pieces",
        "",
        **told(200, torn * 2000, complete=False),
    )


# A crash before the first message is a 500.
async def test_a_crash_is_a_500(
    connect: Connect, timed: Timed, clock: Clock, lines: Lines
) -> None:
    """A crash is a 500, and goes on to the server."""

    async def torn(_scope: object, _receive: object, _send: object) -> None:
        raise LookupError("nothing sent")

    for inside, complete in ((timed, True), (torn, False)):
        clock.now += 1
        async with connect(layer(inside, clock)) as client:
            try:
                response = await client.get("/fail/500")
            except (RuntimeError, LookupError):
                response = None
        assert response is None, (
            "An app raised, and the server got an answer in place of the exception. It "
            "has to go on: use `finally`, not `except`."
        )
        lines.same(
            f"An app raised, and {'was answered' if complete else 'sent nothing'}",
            "Begin with the status 500, and let the first message say otherwise.",
            status=500,
            complete=complete,
        )


# If it never was, the line is written all the same, and
# `complete` is False.
async def test_a_client_that_leaves_is_told(
    scope: Scope, clock: Clock, lines: Lines
) -> None:
    """A request whose client has gone leaves a line, and stays cancelled."""
    waiting = asyncio.Event()

    async def inside(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 206, "headers": []})
        clock.now += 0.75
        waiting.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(layer(inside, clock)(scope(), None, nobody))
    await waiting.wait()
    task.cancel()
    (result,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError), (
        f"A request was cancelled, and the middleware ended with {result!r}."
    )
    lines.same(
        "A request was cancelled after 750 ms, as when a client goes away",
        "CancelledError is no Exception; `finally` sees it.",
        **told(206, 750, complete=False),
    )


# - A WebSocket's handshake leaves such a line, too, with the method `WEBSOCKET`
@pytest.mark.parametrize(("code", "status"), [("WB-1", 101), ("refused", 403)])
async def test_a_handshake_leaves_a_line(
    scope: Scope, timed: Timed, clock: Clock, lines: Lines, code: str, status: int
) -> None:
    """A handshake leaves one line when it is answered, and what follows leaves none."""

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    path = f"/v1/parcels/{code}/live"
    asked = scope(type="websocket", path=path, query_string=b"ticket=x")
    await layer(timed, clock)(asked, receive, nobody)
    lines.same(
        f"A socket asked for {path}. The app took a second for its "
        "answer, and the connection, if any, lasted an hour",
        "It ends with the first message that `is_last` knows.",
        method="WEBSOCKET",
        route="/v1/parcels/{code}/live",
        **told(status, 1000),
    )


# - What an earlier request has bound with `bind_contextvars` is gone when a request
# begins, and what this one binds is there when its line is written.
async def test_what_is_bound_is_its_own(client: Client, lines: Lines) -> None:
    """What a request binds is in its line, and not in that of the next one."""
    seven, eight = {"account_id": 7}, {"account_id": 8}
    paths = {"/who/7": seven, "/plain": {}, "/who/8": eight, "/nowhere": {}}
    for path, bound in paths.items():
        await client.get(path)
        found = lines.one(f"GET {path} was asked")["bound"]
        assert found == bound, (
            f"GET {path} was asked, one request after the other, and when its line was "
            f"written {found} was bound; {bound} is right. `clear_contextvars()` "
            "forgets what is bound: do so when a request begins."
        )


# - Each message goes on as it comes, and `lifespan` passes as it is.
async def test_messages_go_on(scope: Scope, clock: Clock, lines: Lines) -> None:
    """Each piece goes on at once, and a lifespan passes without a line."""
    came: list[Any] = []

    async def inside(scope: Any, _receive: object, send: Any) -> None:  # noqa: ANN401
        if scope["type"] == "lifespan":
            await send({"type": "lifespan.startup.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(3):
            body = {"type": "http.response.body", "body": b"x", "more_body": number < 2}
            await send(body)
            assert len(came) == number + 2, (
                f"The app sent {number + 2} messages, and {len(came)} have gone on."
            )

    async def client(message: Any) -> None:  # noqa: ANN401
        came.append(message)

    await layer(inside, clock)({"type": "lifespan"}, None, client)
    assert not lines(), "A lifespan came, which is no request, and left a line."
    came.clear()
    await layer(inside, clock)(scope(), None, client)


# - A request leaves one line at INFO, with the fields of the sample.
async def test_requests_at_once_keep_their_own(
    scope: Scope, clock: Clock, lines: Lines
) -> None:
    """Requests at the same time each have their own status, and those five fields."""
    both = asyncio.Barrier(2)

    async def inside(scope: Any, _receive: object, send: Any) -> None:  # noqa: ANN401
        status = int(scope["path"].removeprefix("/"))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await both.wait()
        await send({"type": "http.response.body", "body": b""})

    app = layer(inside, clock)
    await asyncio.gather(*(app(scope(path=p), None, nobody) for p in ("/201", "/404")))
    found = lines()
    assert sorted(line.get("status", 0) for line in found) == [201, 404], (
        "Two requests were answered at the same time, 201 and 404. Keep what belongs "
        "to one request in `__call__`, not in `self`."
    )
    for line in found:
        own = sorted(line.keys() - {"event", "level", "bound"})
        assert own == sorted(FIELDS), f"Its fields are {own}; wanted: {FIELDS}."
