"""Fixtures of this lesson: logging as uvicorn leaves it, and a clock of the check's."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

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
