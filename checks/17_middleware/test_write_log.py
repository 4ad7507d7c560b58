"""Checks of middleware.write_log: each line of Waybill's has the id of its request."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

import httpx
import pytest
from fastapi import FastAPI

Connect = Callable[..., httpx.AsyncClient]
Written = Callable[[], list[str]]

WAYBILL = logging.getLogger("waybill")
ACCESS = logging.getLogger("waybill.access")
DEEP = logging.getLogger("waybill.some.thing")
LOGGERS = (WAYBILL, ACCESS, DEEP)
TIME = re.compile(r"\d\d:\d\d:\d\d[,.]?\d*")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


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
    """Put logging as uvicorn leaves it: nothing handles what Waybill says."""
    logs = [logging.getLogger(), *LOGGERS]
    before = [(log.handlers, log.level, log.propagate, log.filters) for log in logs]
    factory = logging.getLogRecordFactory()
    for log in logs:
        log.handlers, log.filters = [], []
        log.propagate = True
        log.setLevel(logging.WARNING if log.name == "root" else logging.NOTSET)
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        for log, (handlers, level, propagate, filters) in zip(
            logs, before, strict=True
        ):
            log.handlers, log.filters = handlers, filters
            log.propagate = propagate
            log.setLevel(level)


def write_log() -> AbstractAsyncContextManager[None]:
    """Return the resource for an app, as its lifespan opens it."""
    from waybill.request_log import write_log

    resource: AbstractAsyncContextManager[None] = write_log(FastAPI())
    return resource


@contextmanager
def known_as(id_: str) -> Iterator[None]:
    """Let a block run as if it answered a request."""
    from waybill.request_log import request_id

    token = request_id.set(id_)
    try:
        yield
    finally:
        request_id.reset(token)


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    """Return a function that tells the lines written to standard error since."""
    return lambda: capsys.readouterr().err.splitlines()


def the_line(lines: list[str], text: str, who: str) -> str:
    """Return the one line that holds a text."""
    found = [line for line in lines if text in line]
    begins = [told(line) for line in lines[:3]]
    missing = next(
        (line for line in lines if "KeyError" in line or "Formatting field" in line), ""
    )
    assert not missing, (
        f"{who} said “{text}”, and logging could not write it: {missing.strip()}. The "
        "record had no such attribute when it was written. Records of loggers below "
        "`waybill` don't pass the filters of `waybill` itself; they do pass those of "
        "the handler."
    )
    assert len(found) == 1, (
        f"{who} said “{text}”, and {len(found)} lines of standard error hold it; one "
        f"should. It begins: {begins}"
    )
    return found[0]


def told(line: str) -> str:
    """Return a line as a message quotes it, with a time that is always the same."""
    return repr(TIME.sub("09:30:00", DATE.sub("2026-12-01", line)))


# - The filter notes the id as the record's `request_id`, and changes nothing else.
@pytest.mark.parametrize("id_", ["shop-17", "-"])
def test_the_filter_notes_it(id_: str) -> None:
    """The filter keeps a record, and only notes the id as its `request_id`."""
    from waybill.request_log import RequestIdFilter

    record = ACCESS.makeRecord("waybill.access", 20, "a.py", 7, "%s!", ("hi",), None)
    before = {**vars(record)}
    with known_as(id_):
        kept = RequestIdFilter().filter(record)
    assert kept, f"`filter` returned {kept!r}, so the line is left out. Return True."
    after = {**vars(record)}
    found = after.pop("request_id", None)
    assert found == id_, (
        f"`request_id` held {id_!r}, a record went through the filter, and the "
        f"record's `request_id` is {found!r}. The id is found by that name."
    )
    changed = sorted(name for name in after if after[name] != before.get(name))
    assert not changed, (
        f"The filter has changed {', '.join(changed)} of a record; other handlers get "
        "the same record. Note `request_id`, and nothing else."
    )


# - Each written line holds the time, the level, the id and the message.
async def test_a_line_has_the_id(written: Written) -> None:
    """A line holds the time, the level, the id and the message."""
    with as_under_uvicorn():
        async with write_log():
            for id_, level in (("shop-17", "INFO"), ("a1b2c3", "ERROR")):
                with known_as(id_):
                    ACCESS.log(logging.getLevelName(level), "seven parcels")
                line = the_line(written(), "seven parcels", "`waybill.access`")
                for what, wanted in (("the id", id_), ("the level", level)):
                    assert wanted in line, (
                        f"In the request {id_}, `waybill.access` said “seven parcels” "
                        f"at {level}. The line is {told(line)}, without {what}."
                    )
                assert re.search(r"\d\d:\d\d", line), f"{told(line)} doesn't say when."


# The id is what `request_id` holds
# when the line is logged, so outside of a request it is a dash.
async def test_outside_it_is_a_dash(written: Written) -> None:
    """Outside of a request, before and after one, the id is a dash."""
    with as_under_uvicorn():
        async with write_log():
            WAYBILL.info("morning")
            with known_as("shop-17"):
                WAYBILL.info("noon")
            WAYBILL.info("evening")
    lines = written()
    for text in ("morning", "evening"):
        line = the_line(lines, text, "Outside of a request, `waybill`")
        assert re.search(r"(^|[\s\[(])-($|[\s\])])", line), (
            f"Outside of a request the id is a dash, and the line is {told(line)}."
        )
        assert "shop-17" not in line, f"Outside of a request, the line is {told(line)}."
    line = the_line(lines, "noon", "`waybill`")
    assert "shop-17" in line, (
        f"In the request shop-17, the line is {told(line)}. The id is read when a line "
        "is logged."
    )


# The id is what `request_id` holds
# when the line is logged, so outside of a request it is a dash.
async def test_two_requests_are_told_apart(written: Written) -> None:
    """Lines of two requests at the same time, in tasks and threads, have their own."""
    both = asyncio.Barrier(2)

    async def answer(id_: str) -> None:
        with known_as(id_):
            await both.wait()
            ACCESS.info("task of %s", id_)
            await asyncio.to_thread(DEEP.info, "thread of %s", id_)

    with as_under_uvicorn():
        async with write_log():
            await asyncio.gather(answer("shop-17"), answer("desk-4"))
    lines = written()
    for id_ in ("shop-17", "desk-4"):
        for place in ("task", "thread"):
            line = the_line(lines, f"{place} of {id_}", f"A {place}")
            assert line.count(id_) == 2, (
                f"A {place} of the request {id_} said “{place} of {id_}”, and the line "
                f"is {told(line)}: the id should stand before the message."
            )


# - That is true for what `waybill` says, and for the loggers below it.
@pytest.mark.parametrize("log", LOGGERS, ids=lambda log: str(log.name))
async def test_loggers_below_have_it_too(written: Written, log: logging.Logger) -> None:
    """`waybill` and all loggers below it write the id."""
    with as_under_uvicorn():
        async with write_log():
            with known_as("shop-17"):
                log.info("%r %r: done", "lena@example.com", "/v1/parcels")
    line = the_line(written(), "'/v1/parcels': done", f"`{log.name}`")
    assert "shop-17" in line, (
        f"`{log.name}` said something, and the line is {told(line)}."
    )


# - No line is left out, and none is written twice.
async def test_every_line_is_written(written: Written) -> None:
    """From INFO up every line is written once, in a request and outside of one."""
    with as_under_uvicorn():
        async with write_log():
            for id_ in ("shop-17", ""):
                for number, log in enumerate(LOGGERS):
                    if id_:
                        with known_as(id_):
                            log.info("%s says %s", log.name, number)
                    else:
                        log.info("%s says %s", log.name, number)
                lines = written()
                for number, log in enumerate(LOGGERS):
                    the_line(lines, f"says {number}", f"`{log.name}`")
            DEEP.debug("a detail")
            assert not written(), (
                "A line at DEBUG was written; INFO is where it begins."
            )


# - The rest is as in lesson 07:
@pytest.mark.parametrize("crash", [None, OSError, asyncio.CancelledError])
async def test_all_is_as_before(
    written: Written, crash: type[BaseException] | None
) -> None:
    """When Waybill stops or crashes, handlers, filters and level are as before."""
    with as_under_uvicorn():
        WAYBILL.setLevel(logging.ERROR)
        factory = logging.getLogRecordFactory()
        for time in ("first", "second"):
            try:
                async with write_log():
                    ACCESS.info("%s time", time)
                    if crash:
                        raise crash
            except (OSError, asyncio.CancelledError):
                pass
            the_line(written(), f"{time} time", "`waybill.access`")
            left = (WAYBILL.handlers, WAYBILL.filters, WAYBILL.level)
            assert left == ([], [], logging.ERROR), (
                f"Waybill stopped, and `waybill` has the handlers {left[0]}, the "
                f"filters {left[1]} and the level {left[2]}; it had none, none and 40."
            )
            assert WAYBILL.propagate, (
                "Waybill stopped, and `propagate` of `waybill` is False; it was True."
            )
            assert logging.getLogRecordFactory() is factory, (
                "Waybill stopped, and logging still makes its records. That is for the "
                "whole process: use a filter."
            )


# - The rest is as in lesson 07:
@pytest.mark.parametrize("place", ["", "waybill"])
async def test_others_handle_it(written: Written, place: str) -> None:
    """Where others handle Waybill's lines, logging stays as it is."""
    theirs = Kept()
    with as_under_uvicorn():
        logging.getLogger(place).addHandler(theirs)
        async with write_log():
            ACCESS.warning("Lena asked in vain")
            there = (logging.getLogger(place).handlers, WAYBILL.level, theirs.filters)
    assert theirs.lines == ["Lena asked in vain"], (
        f"Somebody's handler stood at {place or 'the root'!r}; it got {theirs.lines}."
    )
    assert there == ([theirs], logging.NOTSET, []), (
        "A handler of somebody else's was there, so logging should have stayed as it "
        f"was. Handlers, level of `waybill` and the handler's filters are {there}."
    )
    assert not written(), "A handler was there, and standard error got the line, too."


# - The rest is as in lesson 07:
async def test_other_packages_stay_as_they_are(written: Written) -> None:
    """What other packages log isn't written, and the root logger isn't touched."""
    root = logging.getLogger()
    with as_under_uvicorn():
        before = (root.level, [*root.handlers], [*root.filters])
        async with write_log():
            logging.getLogger("another.package").info("not of Waybill")
            during = (root.level, [*root.handlers], [*root.filters])
    assert during == before, (
        f"The root logger's level, handlers and filters went from {before} to {during}."
    )
    assert not any("not of Waybill" in line for line in written()), (
        "Another package said something at INFO, and it was written as well."
    )
