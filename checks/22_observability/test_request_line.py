"""Checks of observability.request_line: what a request's line says, as fields."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, BackgroundTasks, FastAPI, HTTPException, WebSocket
from fastapi.responses import StreamingResponse

Clock = Any
Connect = Callable[..., httpx.AsyncClient]
Lines = Callable[[], list[dict[str, Any]]]
MakeScope = Callable[..., dict[str, Any]]

FIELDS = ("method", "route", "status", "ms", "complete")
USUAL = {*vars(logging.makeLogRecord({})), "message", "taskName"}
"""What every record has; the others are fields of ours."""


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Return a function that tells which lines came since: fields, and what was "
    "bound."""
    from structlog.contextvars import clear_contextvars, get_contextvars

    kept: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            own = {k: v for k, v in vars(record).items() if k not in USUAL}
            said = {"event": record.getMessage(), "level": record.levelname}
            kept.append({**own, **said, "bound": get_contextvars()})

    log = logging.getLogger("waybill.requests")
    before, handler = log.level, Keep()
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)

    def lines() -> list[dict[str, Any]]:
        found, kept[:] = [*kept], []
        return found

    clear_contextvars()
    yield lines
    clear_contextvars()
    log.removeHandler(handler)
    log.setLevel(before)


def the_line(found: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """Return the one line that was logged."""
    assert len(found) == 1, (
        f"{what}, and `waybill.requests` has {len(found)} lines of it instead of one: "
        f"{found}"
    )
    return found[0]


def same(found: list[dict[str, Any]], what: str, advice: str, **wanted: object) -> None:
    """See that one line was logged, and that these fields of it are as wanted."""
    line = the_line(found, what)
    is_now = {name: line.get(name, "(missing)") for name in wanted}
    assert is_now == wanted, (
        f"{what}, and its line says {is_now}; {wanted} is wanted. {advice}"
    )


def layer(app: Any, *clock: Clock) -> Any:  # noqa: ANN401
    """Stand the middleware around an app; without a clock it has its own."""
    from waybill.request_log import RequestLogMiddleware

    return RequestLogMiddleware(app, *clock)


@pytest.fixture
def app(clock: Clock) -> FastAPI:  # noqa: C901
    """An app whose work takes time, by the clock of the check."""
    app, parcels = FastAPI(), APIRouter(prefix="/parcels")

    @parcels.api_route("/{code}", methods=["GET", "PUT"])
    async def read(code: str) -> int:
        clock.now += 0.25
        return len(code)

    @parcels.get("/{code}/scans/{number}")
    async def scan(code: str, number: int) -> int:
        return len(code) + number

    @app.get("/plain")
    async def plain(tasks: BackgroundTasks) -> str:
        async def work() -> None:
            clock.now += 40

        clock.now += 0.125
        tasks.add_task(work)
        return "done"

    @app.get("/stream")
    async def stream(pieces: int = 3, torn: int = -1) -> StreamingResponse:
        async def play() -> AsyncIterator[bytes]:
            for number in range(pieces):
                if number == torn:
                    raise RuntimeError("the film has torn")
                clock.now += 2
                yield b"reel "

        return StreamingResponse(play())

    @app.get("/fail/{status}")
    async def fail(status: int) -> None:
        clock.now += 0.5
        raise HTTPException(status) if status != 500 else RuntimeError("crash")

    @app.get("/who/{number}")
    async def who(number: int) -> None:
        from structlog.contextvars import bind_contextvars

        bind_contextvars(account_id=number)

    @parcels.websocket("/{code}/live")
    async def live(websocket: WebSocket, code: str) -> None:
        clock.now += 1
        if code == "refused":
            await websocket.close(1008)
            return
        await websocket.accept()
        clock.now += 3600
        await websocket.send_text("hello")
        await websocket.close()

    api = APIRouter(prefix="/v1")
    api.include_router(parcels)
    app.include_router(api)
    return app


@pytest.fixture
async def client(
    connect: Connect,
    app: FastAPI,
    clock: Clock,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that app, with the middleware around all of it."""
    async with connect(layer(app, clock), raise_app_exceptions=False) as client:
        yield client


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
    client: httpx.AsyncClient,
    lines: Lines,
    method: str,
    path: str,
    status: int,
    ms: int,
) -> None:
    """Each request leaves one line at INFO: method, status, whole milliseconds."""
    for _ in range(2):
        await client.request(method, path)
        same(
            lines(),
            f"{method} {path} was answered {status} after {ms} ms",
            "Pass the fields as `extra=`; `ms` is a whole number, and a background "
            "task "
            "doesn't count.",
            level="INFO",
            method=method,
            status=status,
            ms=ms,
            complete=True,
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
    client: httpx.AsyncClient, lines: Lines, method: str, path: str, route: str | None
) -> None:
    """`route` is the route as it was declared, with its prefix; None without one."""
    response = await client.request(method, path)
    same(
        lines(),
        f"{method} {path} was answered {response.status_code}",
        "`template(scope)` is given; the route is known only once the app has been "
        "called.",
        route=route,
    )


# No value of the path and no part of the
# query stands in the line.
@pytest.mark.parametrize("path", ["/v1/parcels/sesame", "/sesame", "/plain"])
async def test_no_value_is_in_the_line(
    client: httpx.AsyncClient, lines: Lines, path: str
) -> None:
    """Nothing of the path's values or of the query is in the line."""
    await client.get(
        f"{path}?ticket=sesame", headers={"Authorization": "Bearer sesame"}
    )
    line = the_line(lines(), f"GET {path}?ticket=sesame was asked")
    assert "sesame" not in repr(line), (
        f"GET {path}?ticket=sesame was asked with Authorization: Bearer sesame. "
        "“sesame” "
        f"is a secret, and the line holds it: {line}"
    )


# - The line is written when the last piece has been sent
@pytest.mark.parametrize("pieces", [1, 4])
async def test_a_stream_counts_until_its_end(
    client: httpx.AsyncClient, lines: Lines, pieces: int
) -> None:
    """A stream's line is written when its last piece has been sent."""
    await client.get("/stream", params={"pieces": pieces})
    same(
        lines(),
        f"GET /stream sent {pieces} pieces, each after 2 seconds",
        "An answer ends with the message for which `is_last` is true.",
        status=200,
        ms=pieces * 2000,
        complete=True,
    )


# - The line is written when the last piece has been sent
async def test_sending_counts(scope: MakeScope, clock: Clock, lines: Lines) -> None:
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
    same(
        lines(),
        "Three messages took a second each to send, and then the app went on for 9 s",
        "`await send(message)` comes first.",
        status=201,
        ms=3000,
        complete=True,
    )


# If it never was, the line is written all the same, and
# `complete` is False.
@pytest.mark.parametrize("torn", [1, 2])
async def test_a_stream_that_breaks_is_told(
    client: httpx.AsyncClient, lines: Lines, torn: int
) -> None:
    """A stream that breaks off is not complete, and its line has its status."""
    try:
        await client.get("/stream", params={"torn": torn})
    except AssertionError:  # httpx's: it never got the end of an answer
        raise AssertionError(
            f"GET /stream raised an exception after {torn} pieces, and your middleware "
            "swallowed it. The server has to hear of it: use `finally`, not `except`."
        ) from None
    same(
        lines(),
        f"GET /stream raised an exception after {torn} pieces",
        "",
        status=200,
        ms=torn * 2000,
        complete=False,
    )


# A crash before the first message is a 500.
async def test_a_crash_is_a_500(
    connect: Connect, app: FastAPI, clock: Clock, lines: Lines
) -> None:
    """A crash is a 500, and goes on to the server."""

    async def torn(_scope: object, _receive: object, _send: object) -> None:
        raise LookupError("nothing sent")

    for inside, complete in ((app, True), (torn, False)):
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
        same(
            lines(),
            f"An app raised, and {'was answered' if complete else 'sent nothing'}",
            "Begin with the status 500, and let the first message say otherwise.",
            status=500,
            complete=complete,
        )


# If it never was, the line is written all the same, and
# `complete` is False.
async def test_a_client_that_leaves_is_told(
    scope: MakeScope, clock: Clock, lines: Lines
) -> None:
    """A request whose client has gone leaves a line, and stays cancelled."""
    waiting = asyncio.Event()

    async def inside(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 206, "headers": []})
        clock.now += 0.75
        waiting.set()
        await asyncio.Event().wait()

    async def client(_message: object) -> None:
        pass

    task = asyncio.ensure_future(layer(inside, clock)(scope(), None, client))
    await waiting.wait()
    task.cancel()
    (result,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError), (
        f"A request was cancelled, and the middleware ended with {result!r}."
    )
    same(
        lines(),
        "A request was cancelled after 750 ms, as when a client goes away",
        "CancelledError is no Exception; `finally` sees it.",
        status=206,
        ms=750,
        complete=False,
    )


# - A WebSocket's handshake leaves such a line, too, with the method `WEBSOCKET`
@pytest.mark.parametrize(("code", "status"), [("WB-1", 101), ("refused", 403)])
async def test_a_handshake_leaves_a_line(
    scope: MakeScope,
    app: FastAPI,
    clock: Clock,
    lines: Lines,
    code: str,
    status: int,
) -> None:
    """A handshake leaves one line when it is answered, and what follows leaves none."""
    came: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:  # noqa: ANN401
        came.append((message["type"], clock.now))

    asked = scope(
        type="websocket", path=f"/v1/parcels/{code}/live", query_string=b"ticket=x"
    )
    await layer(app, clock)(asked, receive, send)
    same(
        lines(),
        f"A socket asked for /v1/parcels/{code}/live. The app took a second for its "
        "answer, and the connection, if any, lasted an hour",
        "`status_of` and `is_last` know a handshake's messages. It ends with the "
        "first.",
        method="WEBSOCKET",
        route="/v1/parcels/{code}/live",
        status=status,
        ms=1000,
        complete=True,
    )


# - What an earlier request has bound with `bind_contextvars` is gone when a request
# begins, and what this one binds is there when its line is written.
async def test_what_is_bound_is_its_own(
    client: httpx.AsyncClient, lines: Lines
) -> None:
    """What a request binds is in its line, and not in that of the next one."""
    for path, bound in (
        ("/who/7", {"account_id": 7}),
        ("/plain", {}),
        ("/who/8", {"account_id": 8}),
        ("/nowhere", {}),
    ):
        await client.get(path)
        found = the_line(lines(), f"GET {path} was asked")["bound"]
        assert found == bound, (
            f"GET {path} was asked, one request after the other, and when its line was "
            f"written {found} was bound; {bound} is right. `clear_contextvars()` "
            "forgets "
            "what is bound: do so when a request begins."
        )


# - Each message goes on as it comes, and `lifespan` passes as it is.
async def test_messages_go_on(scope: MakeScope, clock: Clock, lines: Lines) -> None:
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
    scope: MakeScope, clock: Clock, lines: Lines
) -> None:
    """Requests at the same time each have their own status, and those five fields."""
    both = asyncio.Barrier(2)

    async def inside(scope: Any, _receive: object, send: Any) -> None:  # noqa: ANN401
        status = int(scope["path"].removeprefix("/"))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await both.wait()
        await send({"type": "http.response.body", "body": b""})

    async def client(_message: object) -> None:
        pass

    app = layer(inside, clock)
    await asyncio.gather(*(app(scope(path=p), None, client) for p in ("/201", "/404")))
    found = lines()
    assert sorted(line.get("status", 0) for line in found) == [201, 404], (
        "Two requests were answered at the same time, 201 and 404. Keep what belongs "
        "to one request in `__call__`, not in `self`."
    )
    for line in found:
        own = sorted(line.keys() - {"event", "level", "bound"})
        assert own == sorted(FIELDS), (
            f"The line has the fields {own}; wanted: {FIELDS}."
        )
