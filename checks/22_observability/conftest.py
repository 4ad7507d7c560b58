"""Fixtures of this lesson: logging as uvicorn leaves it, and a clock of the check's."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

SERVER = ("uvicorn", "uvicorn.error", "uvicorn.access")
NAMES = ("waybill", "waybill.jobs", "waybill.some.thing", "another.package", *SERVER)


@contextmanager
def left_by_uvicorn() -> Iterator[dict[str, Any]]:
    """Put logging as `uvicorn` leaves it, with handlers that note what they get."""
    logs = [logging.getLogger(), *map(logging.getLogger, NAMES)]
    before = [(log.handlers, log.level, log.propagate, log.filters) for log in logs]
    theirs = {"uvicorn": Kept(), "uvicorn.access": Kept()}
    for log in logs:
        log.handlers, log.filters, log.propagate = [], [], True
        log.setLevel(logging.WARNING if log.name == "root" else logging.NOTSET)
    for name, handler in theirs.items():
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).propagate = False
    for name in SERVER:
        logging.getLogger(name).setLevel(logging.INFO)
    try:
        yield theirs
    finally:
        for log, (handlers, level, propagate, filters) in zip(
            logs, before, strict=True
        ):
            log.handlers, log.filters = handlers, filters
            log.propagate = propagate
            log.setLevel(level)


class Kept(logging.Handler):
    """A handler of somebody else's, which keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


@pytest.fixture
def as_under_uvicorn() -> Callable[[], AbstractContextManager[dict[str, Any]]]:
    """Return what puts logging, for a block, as uvicorn leaves it.

    A fixture alone wouldn't do: pytest adds its own handlers after the fixtures.
    """

    @contextmanager
    def as_under_uvicorn() -> Iterator[dict[str, Any]]:
        import structlog

        before = structlog.get_config()
        structlog.contextvars.clear_contextvars()
        try:
            with left_by_uvicorn() as theirs:
                yield theirs
        finally:
            structlog.contextvars.clear_contextvars()
            structlog.configure(**before)

    return as_under_uvicorn


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that tells which lines were written, as objects."""

    def written() -> list[dict[str, Any]]:
        came = capsys.readouterr()
        assert not came.err, (
            f"Standard error got {came.err[:200]!r}. The log belongs on standard "
            "output: logging.StreamHandler(sys.stdout)."
        )
        found = []
        for line in came.out.splitlines():
            try:
                one = json.loads(line)
            except ValueError:
                one = None
            assert isinstance(one, dict), (
                f"Standard output has the line {line[:200]!r}, which is no JSON "
                "object. "
                "`JSONRenderer()` comes last, and each line is one object."
            )
            found.append(one)
        return found

    return written


class Clock:
    """A clock that a check moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the seconds that it shows."""
        return self.now


@pytest.fixture(params=[0.0, 1000.0], ids=["at 0", "at 1000"])
def clock(request: pytest.FixtureRequest) -> Clock:
    """A clock; where it begins is no matter."""
    return Clock(request.param)


@pytest.fixture
def scope() -> Callable[..., dict[str, Any]]:
    """Return a function that makes the scope of a request or of a handshake."""

    def scope(**more: object) -> dict[str, Any]:
        made: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/film",
            "raw_path": b"/film",
            "query_string": b"",
            "root_path": "",
            "headers": [],
            "server": ("waybill", 80),
            "client": ("192.0.2.1", 4711),
        }
        made |= more
        if made["type"] == "websocket":
            del made["method"]
            made |= {"scheme": "ws", "subprotocols": []}
        return made

    return scope


USUAL = {*vars(logging.makeLogRecord({})), "message", "taskName"}
"""What every record has; the others are fields of ours."""


class Lines(logging.Handler):
    """Keeps the lines that are logged: their fields, and what was bound."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        from structlog.contextvars import get_contextvars

        own = {k: v for k, v in vars(record).items() if k not in USUAL}
        said = {"event": record.getMessage(), "level": record.levelname}
        self.kept.append({**own, **said, "bound": get_contextvars()})

    def __call__(self) -> list[dict[str, Any]]:
        """Return the lines that came since."""
        found, self.kept = self.kept, []
        return found

    def one(self, what: str) -> dict[str, Any]:
        """Return the one line that came since."""
        found = self()
        assert len(found) == 1, (
            f"{what}, and `waybill.requests` has {len(found)} lines of it instead of "
            f"one: {found}"
        )
        return found[0]

    def same(self, what: str, advice: str, **wanted: object) -> None:
        """See that one line came, and that these fields of it are as wanted."""
        line = self.one(what)
        found = {name: line.get(name, "(missing)") for name in wanted}
        assert found == wanted, (
            f"{what}, and its line says {found}; {wanted} is wanted. {advice}"
        )


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The lines of `waybill.requests`."""
    from structlog.contextvars import clear_contextvars

    log, lines = logging.getLogger("waybill.requests"), Lines()
    before = log.level
    log.addHandler(lines)
    log.setLevel(logging.DEBUG)
    clear_contextvars()
    yield lines
    clear_contextvars()
    log.removeHandler(lines)
    log.setLevel(before)


@pytest.fixture
def timed(clock: Clock) -> "FastAPI":  # noqa: C901
    """An app whose work takes time, by the clock of the check."""
    from fastapi import APIRouter, BackgroundTasks, FastAPI, HTTPException, WebSocket
    from fastapi.responses import StreamingResponse

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
    connect: "Callable[..., httpx.AsyncClient]", timed: "FastAPI", clock: Clock
) -> "AsyncIterator[httpx.AsyncClient]":
    """A client of that app, with the middleware of the log around all of it."""
    from waybill.request_log import RequestLogMiddleware

    layer = RequestLogMiddleware(timed, clock)
    async with connect(layer, raise_app_exceptions=False) as client:
        yield client
