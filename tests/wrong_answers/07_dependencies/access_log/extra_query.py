#| kata: dependencies.access_log
#| refused_by: test_what_was_sent_stays_out
# The whole URL goes along in the record, where another format writes it.
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
    email, path = account.email, connection.scope["path"]
    extra = {"url": str(connection.url), "client": connection.client}
    try:
        yield
    except BaseException as error:
        log.warning("%r %r: %s", email, path, type(error).__name__, extra=extra)
        raise
    log.info("%r %r: done", email, path, extra=extra)


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
