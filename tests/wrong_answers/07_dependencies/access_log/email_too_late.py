#| kata: dependencies.access_log
#| refused_by: test_what_was_refused_is_a_warning
# Reads the e-mail after the yield: a rolled-back session has forgotten it.
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
    try:
        yield
    except Exception as error:
        path = connection.scope["path"]
        log.warning("%r %r: %s", account.email, path, type(error).__name__)
        raise
    log.info("%r %r: done", account.email, connection.scope["path"])


api.include_router(
    parcels.router,
    tags=["parcels"],
    responses=NOT_FOUND,
    dependencies=[Depends(access_log)],
)
