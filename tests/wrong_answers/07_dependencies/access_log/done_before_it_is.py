#| kata: dependencies.access_log
#| refused_by: test_done_is_said_after_the_commit
# Says what it can't know yet.
import logging
from collections.abc import AsyncIterator

from fastapi import Depends
from fastapi.requests import HTTPConnection

from waybill import parcels
from waybill.dependencies import CurrentAccount

log = logging.getLogger("waybill.access")


async def access_log(
    connection: HTTPConnection, account: CurrentAccount
) -> AsyncIterator[None]:
    """Note who asked for what and how it ended, once it is certain."""
    asked = f"{account.email!r} {connection.scope['path']!r}"
    log.info("%s: done", asked)
    yield


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
