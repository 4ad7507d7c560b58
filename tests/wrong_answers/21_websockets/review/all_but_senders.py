#| kata: websockets.review
#| refused_by: test_the_table_is_asked
# Ends the screens of senders, whatever the table says.
import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from fastapi import FastAPI, status
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from waybill.database import Sessions
from waybill.hub import Hub
from waybill.policy import may
from waybill.tables import Account, now
from waybill.tokens import LIFETIME

BETWEEN_REVIEWS = 5
"""Seconds that somebody may go on watching who has lost the right to."""
log = logging.getLogger("waybill.live")


async def review(hub: Hub, sessions: Sessions, at: datetime) -> None:
    """End each screen that may not watch any more."""
    screens = hub.screens()
    if not screens:
        return
    asked = {screen.account_id for screen in screens}
    query = select(Account).where(Account.id.in_(asked), Account.active)
    async with sessions() as session:
        accounts = (await session.scalars(query)).all()
    welcome = {one.id for one in accounts if one.role != "sender"}
    for screen in screens:
        if screen.account_id not in welcome or at - screen.since > LIFETIME:
            screen.end(status.WS_1008_POLICY_VIOLATION)


async def keep_reviewing(app: FastAPI) -> None:
    """Review an app's screens again and again."""
    while True:
        await asyncio.sleep(BETWEEN_REVIEWS)
        try:
            await review(app.state.hub, app.state.sessions, now())
        except (SQLAlchemyError, OSError) as error:  # the database is busy or gone
            log.warning("No review of screens: %s", type(error).__name__)


@asynccontextmanager
async def review_screens(app: FastAPI) -> AsyncIterator[None]:
    """Review an app's screens for as long as it serves."""
    task = asyncio.create_task(keep_reviewing(app))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
