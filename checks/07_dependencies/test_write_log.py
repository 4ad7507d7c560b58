"""Checks of dependencies.write_log: the log is written, once, and by one handler."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

Written = Callable[[], list[str]]

NAMES = ("waybill", "waybill.access", "waybill.limits")
WAYBILL = logging.getLogger("waybill")
ACCESS = logging.getLogger("waybill.access")


class Kept(logging.Handler):
    """A handler of somebody else's, which keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())


@contextmanager
def as_under_uvicorn() -> Iterator[None]:
    """Put logging as uvicorn leaves it: nothing handles what Waybill says.

    pytest's own handlers stand at the root; they come back when the block ends.
    """
    logs = [logging.getLogger(name) for name in ("", *NAMES)]
    before = [(log.handlers, log.level, log.propagate) for log in logs]
    for log in logs:
        log.handlers = []
        log.propagate = True
        log.setLevel(logging.NOTSET if log.name in NAMES else logging.WARNING)
    try:
        yield
    finally:
        for log, (handlers, level, propagate) in zip(logs, before, strict=True):
            log.handlers = handlers
            log.propagate = propagate
            log.setLevel(level)


def write_log(app: FastAPI | None = None) -> AbstractAsyncContextManager[None]:
    """Return the resource for an app, as its lifespan opens it."""
    from waybill.app import write_log

    resource: AbstractAsyncContextManager[None] = write_log(app or FastAPI())
    return resource


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    """Return a function that tells the lines written to standard error since."""
    return lambda: capsys.readouterr().err.splitlines()


def found(lines: list[str], text: str) -> int:
    """Return how many lines hold a text."""
    return sum(text in line for line in lines)


# - While Waybill serves, what `waybill` and the loggers below it say is written to
# standard error, from INFO up.
async def test_lines_are_written_while_waybill_serves(
    written: Written, tmp_path: Path
) -> None:
    """From start to stop, Waybill's lines at INFO and above are written."""
    from waybill.app import create_app
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{tmp_path}/waybill.db"
    app = create_app(Settings(environment="development", database_url=url))
    with as_under_uvicorn():
        async with app.router.lifespan_context(app):
            written()
            ACCESS.info("Lena read parcel 7")
            logging.getLogger("waybill.limits").info("Bob comes back")
            WAYBILL.debug("a detail")
            lines = written()
    for text in ("Lena read parcel 7", "Bob comes back"):
        assert found(lines, text) == 1, (
            f"Waybill was started as uvicorn starts it, and said “{text}”. Standard "
            f"error held {lines}; the line should be there, once. Is the resource in "
            "`resources`, does a handler belong to the logger `waybill`, and does the "
            "logger's level let INFO through?"
        )
    assert not found(lines, "a detail"), (
        f"A line at DEBUG was written as well: {lines}. INFO is where it begins."
    )


# - A written line holds the time, the level and the message.
async def test_a_line_says_when_and_how_serious(written: Written) -> None:
    """A line holds the time, the level and the message."""
    with as_under_uvicorn():
        async with write_log():
            ACCESS.info("seven")
            ACCESS.warning("eight")
    lines = written()
    for level, text in (("INFO", "seven"), ("WARNING", "eight")):
        line = next((line for line in lines if text in line), "")
        assert level in line, (
            f"Waybill said “{text}” at {level}, and the lines are {lines}. A Formatter "
            "with %(levelname)s and %(message)s writes both."
        )
        assert re.search(r"\d\d:\d\d", line), (
            f"The line “{line}” doesn't say when. %(asctime)s in the Formatter does."
        )


# - If something handles these lines already, logging stays as it is, its level
@pytest.mark.parametrize("place", ["", "waybill"])
async def test_no_line_is_written_twice(written: Written, place: str) -> None:
    """Where another handler has the lines already, nothing is added."""
    theirs = Kept()
    where = f"the logger `{place}`" if place else "the root logger"
    with as_under_uvicorn():
        logging.getLogger(place).addHandler(theirs)
        before = WAYBILL.level
        async with write_log():
            ACCESS.warning("Lena asked in vain")
            during = WAYBILL.level
        left = logging.getLogger(place).handlers
    lines = written()
    assert theirs.lines == ["Lena asked in vain"], (
        f"Somebody's handler stood at {where}, and was given {theirs.lines}."
    )
    assert not lines, (
        f"A handler stood at {where} before Waybill started, and standard error got "
        f"the line as well: {lines}. hasHandlers() of a logger looks at the loggers "
        "above it, too."
    )
    assert (during, left) == (before, [theirs]), (
        f"A handler stood at {where}. The level of `waybill` went from {before} to "
        f"{during}, and in the end the handlers were {left}. Whoever set logging up "
        "has chosen both: leave all of it as it is."
    )


# - When Waybill stops, the handler is gone and the level is as before, whatever
# ended it.
@pytest.mark.parametrize("crash", [None, OSError, asyncio.CancelledError])
@pytest.mark.parametrize("level", [logging.NOTSET, logging.DEBUG])
async def test_all_is_as_before(
    written: Written, level: int, crash: type[BaseException] | None
) -> None:
    """After a stop or a crash, logging is as it was before."""
    how = f"was ended by a {crash.__name__}" if crash else "stopped"
    with as_under_uvicorn():
        WAYBILL.setLevel(level)
        app = FastAPI()
        for time in ("first", "second"):
            try:
                async with write_log(app):
                    ACCESS.info("%s time", time)
                    if crash:
                        raise crash
            except (OSError, asyncio.CancelledError):
                pass
            lines = written()
            assert found(lines, f"{time} time") == 1, (
                f"Waybill was started for the {time} time, and standard error held "
                f"{lines}; one line is wanted."
            )
            assert (WAYBILL.handlers, WAYBILL.level) == ([], level), (
                f"Waybill {how}, and `waybill` has the handlers {WAYBILL.handlers} and "
                f"the level {WAYBILL.level}; it had none and {level}. Set both back in "
                "a `finally`."
            )


# - When Waybill stops, the handler is gone and the level is as before, whatever
# ended it.
async def test_a_handler_of_somebody_elses_stays(written: Written) -> None:
    """Only Waybill's own handler goes: one that was added meanwhile stays."""
    theirs = Kept()
    with as_under_uvicorn():
        async with write_log():
            WAYBILL.addHandler(theirs)
        left = WAYBILL.handlers
    assert not written()
    assert left == [theirs], (
        "While Waybill served, somebody gave `waybill` a handler of their own. When it "
        f"stopped, {left or 'no handler'} was left. Take away the one that you added, "
        "with removeHandler(), and no other."
    )


# - Other loggers stay as they are.
async def test_others_stay_as_they_are(written: Written) -> None:
    """What other packages log is not written, and the root logger stays as it is."""
    root, other = logging.getLogger(), logging.getLogger("another.package")
    with as_under_uvicorn():
        before = (root.level, [*root.handlers], other.disabled)
        async with write_log():
            other.info("not of Waybill")
            during = (root.level, [*root.handlers], other.disabled)
    assert not found(written(), "not of Waybill"), (
        "Another package said something at INFO, and it was written as well. Every "
        "package would fill your log: give the handler to `waybill`, not to the root."
    )
    assert during == before, (
        f"The root logger's level and handlers, and whether others are disabled, "
        f"went from {before} to {during}. They belong to whoever starts "
        "Waybill, and dictConfig disables what it isn't told of."
    )
