"""Checks of observability.log: one JSON object a line, really written."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

Written = Callable[[], list[dict[str, Any]]]
Left = Callable[[], AbstractContextManager[dict[str, Any]]]

WAYBILL = logging.getLogger("waybill")
JOBS = logging.getLogger("waybill.jobs")
DEEP = logging.getLogger("waybill.some.thing")
OTHER = logging.getLogger("another.package")


def write_log() -> AbstractAsyncContextManager[None]:
    """Return the resource for an app, as its lifespan opens it."""
    from waybill.request_log import write_log

    resource: AbstractAsyncContextManager[None] = write_log(FastAPI())
    return resource


def the_line(lines: list[dict[str, Any]], text: str, who: str) -> dict[str, Any]:
    """Return the one line whose event is a text."""
    found = [line for line in lines if line.get("event") == text]
    assert len(found) == 1, (
        f"{who} said {text!r} while Waybill served, and {len(found)} lines of standard "
        f"output have that `event`; one should. There are {lines[:3]}. Under a plain "
        "uvicorn no handler writes what Waybill says, and INFO is below the root's "
        "level: add a handler to the root, and set the level of `waybill`."
    )
    return found[0]


# - While Waybill serves, each line of the log is one JSON object on standard output.
async def test_every_line_is_written(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """Each line of Waybill's is one JSON object on standard output, from INFO up."""
    with as_under_uvicorn():
        async with write_log():
            for number, log in enumerate((WAYBILL, JOBS, DEEP)):
                log.info("%s says %s", log.name, number)
                the_line(written(), f"{log.name} says {number}", f"`{log.name}`")
            JOBS.warning("two\nlines and “quotes”")
            the_line(written(), "two\nlines and “quotes”", "`waybill.jobs`")
            DEEP.debug("a detail")
            late = written()
        assert not late, f"{late[0]} was logged at DEBUG; INFO is where the log begins."


# Other packages are heard from WARNING up, as before.
async def test_other_packages_are_heard(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """What other packages warn of is written in the same form; their INFO is not."""
    with as_under_uvicorn():
        async with write_log():
            OTHER.warning("the pool is %s", "full")
            line = the_line(written(), "the pool is full", "`another.package`")
            assert line.get("logger") == "another.package", (
                f"Its logger is in no field: {line}"
            )
            OTHER.info("chatter")
            late = written()
        assert not late, (
            f"Another package said something at INFO, and {late} was written. Set the "
            "level "
            "of `waybill`, not the root's."
        )


# - A line says what was said (`event`), which `logger` said it, its `level` and its
# `timestamp`, in UTC.
async def test_a_line_says_what_who_and_when(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """A line has its event, its logger, its level and its time in UTC."""
    with as_under_uvicorn():
        async with write_log():
            for level in ("info", "warning", "error"):
                JOBS.log(getattr(logging, level.upper()), "a parcel")
                line = the_line(written(), "a parcel", "`waybill.jobs`")
                found = (line.get("logger"), line.get("level"))
                assert found == ("waybill.jobs", level), (
                    f"`waybill.jobs` said something at {level}; logger and level of "
                    "its "
                    f"line are {found}. See `add_logger_name` and `add_log_level`."
                )
                text = str(line.get("timestamp"))
                try:
                    at = datetime.fromisoformat(text)
                except ValueError:
                    at = datetime(1970, 1, 1)  # noqa: DTZ001  # refused below
                assert at.utcoffset() == timedelta(0), (
                    f"The line's timestamp is {text!r}; wanted is a time such as "
                    "2026-12-01T09:30:00Z. See TimeStamper(fmt=…, utc=…)."
                )
                assert abs(datetime.now(UTC) - at) < timedelta(minutes=5), (
                    f"The line was written now, and says {text}."
                )


# - What is given as `extra=` stands in fields of its own.
async def test_extra_are_fields(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """What is given as `extra=` stands in fields of its own, numbers as numbers."""
    with as_under_uvicorn():
        async with write_log():
            for extra in (
                {"parcel": 7, "depot": "HAM"},
                {"retry": True, "tags": ["a"]},
            ):
                JOBS.info("a parcel", extra=extra)
                line = the_line(written(), "a parcel", "`waybill.jobs`")
                found = {name: line.get(name) for name in extra}
                assert found == extra, (
                    f"A line was logged with extra={extra}, and its fields are "
                    f"{line}. See "
                    "`ExtraAdder()`."
                )


# - Each line has the `request_id` of the request in which it was said
async def test_a_line_has_the_request_id(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """A line has the id of its request, whoever says it; outside there is a dash."""
    from waybill.request_log import request_id

    with as_under_uvicorn():
        async with write_log():
            for id_ in ("shop-17", "shop-18", "-"):
                token = request_id.set(id_)
                for log in (DEEP, OTHER):
                    log.warning("a parcel")
                    line = the_line(written(), "a parcel", f"`{log.name}`")
                    assert line.get("request_id") == id_, (
                        f"request_id held {id_!r}, and the line's request_id is "
                        f"{line.get('request_id')!r}. Is `note_request` in `chain`?"
                    )
                request_id.reset(token)


# and what was bound with structlog's `bind_contextvars`.
async def test_a_line_has_what_was_bound(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """A line has what was bound with `bind_contextvars`, as long as it is bound."""
    from structlog.contextvars import bound_contextvars

    with as_under_uvicorn():
        async with write_log():
            with bound_contextvars(account_id=7):
                DEEP.info("a parcel")
                line = the_line(written(), "a parcel", "`waybill.some.thing`")
            assert line.get("account_id") == 7, (
                f"account_id=7 was bound, and the line is {line}. See "
                "`merge_contextvars`."
            )
            DEEP.info("a parcel")
            line = the_line(written(), "a parcel", "`waybill.some.thing`")
            assert "account_id" not in line, (
                f"Nothing is bound any more, and it says {line}."
            )


# - An exception stands in the field `exception` of its line, with its traceback.
async def test_an_exception_is_a_field(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """An exception is in the field `exception` of the same line, with its traceback."""
    with as_under_uvicorn():
        async with write_log():
            try:
                raise LookupError("no such depot")
            except LookupError as error:
                JOBS.error("it failed", exc_info=error)
            line = the_line(written(), "it failed", "`waybill.jobs`")
        text = line.get("exception")
        assert "LookupError: no such depot" in str(text), (
            f"A line was logged with exc_info=error, and it is {line}. See "
            "`format_exc_info`."
        )
        assert "Traceback" in str(text), (
            f"`exception` is {text!r}, without the traceback."
        )


# - What uvicorn says has the same form. Its access log is silent
async def test_uvicorn_speaks_as_others(
    as_under_uvicorn: Left, written: Written
) -> None:
    """uvicorn's lines have the same form; its access log is silent."""
    with as_under_uvicorn() as theirs:
        async with write_log():
            logging.getLogger("uvicorn.error").info(
                "it listens", extra={"color_message": "x"}
            )
            line = the_line(written(), "it listens", "`uvicorn.error`")
            logging.getLogger("uvicorn.access").info("GET /v1/live?ticket=open-sesame")
            late = written()
        twice = theirs["uvicorn"].lines
        assert not twice, f"uvicorn's own handler has written {twice}, once more."
        assert not [*late, *theirs["uvicorn.access"].lines], (
            "`uvicorn.access` said GET …?ticket=…, and it was written. "
            "`uvicorn_like_others` is there for that: use it while Waybill serves."
        )
        assert "color_message" not in line, f"uvicorn's line is {line}."


# - Where somebody else handles what `waybill` says, logging stays as it is.
@pytest.mark.parametrize("place", ["", "waybill"])
async def test_others_handle_it(
    as_under_uvicorn: Left, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    """Where somebody else handles Waybill's lines, logging stays as it is."""
    with as_under_uvicorn() as theirs:
        other = type(theirs["uvicorn"])()
        logging.getLogger(place).addHandler(other)
        async with write_log():
            JOBS.warning("Lena asked in vain")
            there = (
                logging.getLogger(place).handlers,
                WAYBILL.level,
                logging.getLogger("uvicorn").propagate,
            )
        assert other.lines == ["Lena asked in vain"], (
            f"Somebody's handler stood at {place or 'the root'!r}; it got "
            f"{other.lines}."
        )
        assert there == ([other], logging.NOTSET, False), (
            "A handler of somebody else's was there, so logging should have stayed as "
            "it "
            f"was. Handlers, level of `waybill` and uvicorn's `propagate` are {there}."
        )
        assert not capsys.readouterr().out, (
            "A handler was there, and the line came twice."
        )


# - When Waybill stops, or crashes, logging is as it was before.
@pytest.mark.parametrize("crash", [None, OSError, asyncio.CancelledError])
async def test_all_is_as_before(
    as_under_uvicorn: Left, written: Written, crash: type[BaseException] | None
) -> None:
    """When Waybill stops or crashes, logging is as it was before."""
    with as_under_uvicorn() as theirs:
        root = logging.getLogger()
        WAYBILL.setLevel(logging.ERROR)
        before = [
            (log, [*log.handlers], log.level, log.propagate)
            for log in (root, WAYBILL, *map(logging.getLogger, theirs))
        ]
        for time in ("first", "second"):
            try:
                async with write_log():
                    JOBS.info("the %s time", time)
                    if crash:
                        raise crash
            except (OSError, asyncio.CancelledError):
                pass
            the_line(written(), f"the {time} time", "`waybill.jobs`")
            for log, *was in before:
                now = [log.handlers, log.level, log.propagate]
                assert now == was, (
                    f"Waybill {'crashed' if crash else 'stopped'}, and the logger "
                    f"{log.name!r} has handlers, level and propagate {now}; before, "
                    "they "
                    f"were {was}. `finally` runs whatever happens."
                )
