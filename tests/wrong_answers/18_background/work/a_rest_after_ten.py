#| kata: background.work
#| refused_by: test_it_rests_when_there_is_nothing
# Rests after each ten jobs, to be kind to the database.
import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import async_sessionmaker

from waybill.accounts import welcome
from waybill.database import make_engine
from waybill.jobs import run_next
from waybill.mail import MailSettings, send
from waybill.settings import get_settings

log = logging.getLogger("waybill.jobs")
PAUSE = 2
"""Seconds until a worker that found no job looks again."""


async def rest(stop: asyncio.Event) -> None:
    """Wait for a while, or until the worker shall stop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PAUSE):
            await stop.wait()


async def work(
    run: Callable[[], Awaitable[bool]],
    stop: asyncio.Event,
    rest: Callable[[asyncio.Event], Awaitable[None]] = rest,
) -> None:
    """Do jobs until the worker shall stop, then finish the one in hand."""
    done = 0
    while not stop.is_set():
        try:
            found = await run()
        except (SQLAlchemyError, OSError) as error:
            log.error("no job was done: %s", type(error).__name__)
            found = False
        done += 1
        if not found or done % 10 == 0:
            await rest(stop)


async def main(url: str, settings: MailSettings) -> None:
    """Do the jobs of a database until the system asks this process to stop."""
    engine = make_engine(url)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    handlers = {"welcome": partial(welcome, partial(send, settings))}
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        await work(partial(run_next, sessions, handlers), stop)
    finally:
        await engine.dispose()


if __name__ == "__main__":  # python -m waybill.worker
    logging.basicConfig(level=logging.INFO)
    mail_settings = MailSettings()
    if "mail_host" not in mail_settings.model_fields_set:
        sys.exit("Say where letters go: WAYBILL_MAIL_HOST is not set.")
    asyncio.run(main(get_settings().database_url, mail_settings))
